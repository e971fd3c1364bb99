//! The trained cascade, read from its file.

use super::boosted::Boosted;
use super::surf::{Layer, Surf};
use crate::Error;

/// The cascade of the `SeetaFace` engine; its licence lies beside it.
static FILE: &[u8] = include_bytes!("../../model/seeta_fd_frontal_v1.0.bin");

/// No count in the file is larger; one that is means that the file is not what it should be.
const MAX_COUNT: i32 = 100_000;

/// Kinds of classifiers, as the file numbers them.
const BOOSTED: i32 = 0;
const SURF: i32 = 1;

/// A funnel: quick classifiers look at every window, slower ones at what those let through.
#[derive(Debug, Clone)]
pub(super) struct Model {
    /// Of these, each finds faces turned another way.
    pub(super) quick: Vec<Boosted>,
    /// Each level takes the finds of the one before.
    pub(super) levels: Vec<Vec<Branch>>,
}

/// One of the classifiers of a level.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    /// Which branches of the level before it takes the finds of.
    pub(super) sources: Vec<usize>,
    /// One after the other.
    pub(super) stages: Vec<Surf>,
}

impl Model {
    /// The built-in model.
    pub(super) fn built_in() -> Result<Model, Error> {
        Reader(FILE).model().ok_or_else(|| Error::FaceModel("the built-in file is damaged".into()))
    }
}

/// What is left to read. Everything is `None` when the file ends or makes no sense.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn bytes(&mut self) -> Option<[u8; 4]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn integer(&mut self) -> Option<i32> {
        self.bytes().map(i32::from_le_bytes)
    }

    fn count(&mut self) -> Option<usize> {
        let count = self.integer().filter(|count| (0..=MAX_COUNT).contains(count))?;
        usize::try_from(count).ok()
    }

    fn number(&mut self) -> Option<f32> {
        self.bytes().map(f32::from_le_bytes)
    }

    fn numbers(&mut self, count: usize) -> Option<Vec<f32>> {
        (0..count).map(|_| self.number()).collect()
    }

    fn model(&mut self) -> Option<Model> {
        let levels = self.count()?;
        let quick = (0..self.count()?)
            .map(|_| {
                let boosted = (self.count()? == 1 && self.integer()? == BOOSTED).then(|| self.boosted())??;
                // Nothing comes before these: the file says -1 sources.
                (self.integer()? <= 0).then_some(boosted)
            })
            .collect::<Option<Vec<_>>>()?;
        let mut before = quick.len();
        let mut rest = Vec::new();
        for _ in 1..levels {
            let level = (0..self.count()?).map(|_| self.branch(before)).collect::<Option<Vec<_>>>()?;
            before = level.len();
            rest.push(level);
        }
        self.0.is_empty().then_some(Model { quick, levels: rest })
    }

    fn branch(&mut self, before: usize) -> Option<Branch> {
        let stages = (0..self.count()?)
            .map(|_| if self.integer()? == SURF { self.surf() } else { None })
            .collect::<Option<_>>()?;
        let sources = (0..self.count()?).map(|_| self.count().filter(|at| *at < before)).collect::<Option<_>>()?;
        Some(Branch { sources, stages })
    }

    fn boosted(&mut self) -> Option<Boosted> {
        let (count, bins) = (self.count()?, self.count()?);
        let places = (0..count).map(|_| Some((self.count()?, self.count()?))).collect::<Option<Vec<_>>>()?;
        let thresholds = self.numbers(count)?;
        let weights = (0..count).map(|_| self.numbers(bins + 1)).collect::<Option<Vec<_>>>()?;
        Boosted::new(&places, &thresholds, weights)
    }

    fn surf(&mut self) -> Option<Surf> {
        let (layers, features) = (self.count()?, self.count()?);
        // They are numbered from one.
        let features = (0..features).map(|_| self.count()?.checked_sub(1)).collect::<Option<Vec<_>>>()?;
        let threshold = self.number()?;
        let mut inputs = self.count()?;
        let mut out = Vec::new();
        for _ in 1..layers {
            let outputs = self.count()?;
            let weights = self.numbers(inputs.checked_mul(outputs)?)?;
            out.push(Layer { inputs, weights, biases: self.numbers(outputs)? });
            inputs = outputs;
        }
        Surf::new(features, threshold, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_file() {
        let model = Model::built_in().expect("whole");
        assert_eq!(model.quick.len(), 3);
        let stages: Vec<usize> = model.levels.iter().flatten().map(|branch| branch.stages.len()).collect();
        assert_eq!(stages, [2, 1]);
    }

    #[test]
    fn damaged_files_are_refused() {
        for length in [0, 3, 4, 1000, FILE.len() / 2, FILE.len() - 1] {
            assert!(Reader(&FILE[..length]).model().is_none(), "{length}");
        }
        let longer = [FILE, &[0]].concat();
        assert!(Reader(&longer).model().is_none());
        for at in (0..2000).step_by(4) {
            let mut bytes = FILE.to_vec();
            bytes[at + 3] ^= 0x80;
            // It may be a weight; it must not panic.
            let _ = Reader(&bytes).model();
        }
    }
}
