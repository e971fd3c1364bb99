//! From a picture in shades of gray to windows with faces.

use super::WINDOW;
use super::boosted::Map;
use super::gray::Gray;
use super::model::{Branch, Model};
use super::surf::Gradients;

/// Each look is at a picture this much smaller than the one before, down to the size of the window.
const SHRINK: f32 = 0.8;
/// Every so many pixels there is a window.
const STEP: usize = 4;
/// Windows that share more than this of what they cover together are one.
const SAME: f32 = 0.8;
/// The same, at the end.
const SAME_FACE: f32 = 0.3;

/// A window that may hold a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Find {
    pub(super) x: i64,
    pub(super) y: i64,
    /// Width and height.
    pub(super) side: usize,
    pub(super) score: f64,
}

/// All windows with faces, the likeliest first.
pub(super) fn search(model: &Model, gray: &Gray) -> Vec<Find> {
    let mut finds = scan(model, gray);
    for finds in &mut finds {
        *finds = merged(finds, SAME);
    }
    let last = model.levels.len().saturating_sub(1);
    for (at, level) in model.levels.iter().enumerate() {
        finds = level.iter().map(|branch| refined(branch, &finds, gray, at == last)).collect();
    }
    finds.into_iter().next().unwrap_or_default()
}

/// What the quick classifiers let through, each its own.
fn scan(model: &Model, gray: &Gray) -> Vec<Vec<Find>> {
    let mut finds = vec![Vec::new(); model.quick.len()];
    let smallest = WINDOW as f32 / gray.width.min(gray.height) as f32;
    let mut scale = 1.0_f32;
    while scale >= smallest {
        let side = |length: usize| (length as f32 * scale) as usize;
        let small = gray.scaled(side(gray.width), side(gray.height));
        if small.width < WINDOW || small.height < WINDOW {
            break;
        }
        let Some(map) = Map::new(&small) else { break };
        for y in (0..=small.height - WINDOW).step_by(STEP) {
            for x in (0..=small.width - WINDOW).step_by(STEP) {
                for (classifier, finds) in model.quick.iter().zip(&mut finds) {
                    if let Some(score) = classifier.score(&map, x, y) {
                        let back = |length: usize| length as f32 / scale + 0.5;
                        finds.push(Find {
                            x: back(x) as i64,
                            y: back(y) as i64,
                            side: back(WINDOW) as usize,
                            score: f64::from(score),
                        });
                    }
                }
            }
        }
        scale *= SHRINK;
    }
    finds
}

/// What the stages of a branch let through, moved to where they see the face.
fn refined(branch: &Branch, before: &[Vec<Find>], gray: &Gray, last_level: bool) -> Vec<Find> {
    let sources = branch.sources.iter().filter_map(|at| before.get(*at));
    let mut finds: Vec<Find> = sources.flatten().copied().collect();
    let last = branch.stages.len().saturating_sub(1);
    for (at, stage) in branch.stages.iter().enumerate() {
        let judged = finds.iter().filter(|find| find.touches(gray)).filter_map(|find| {
            let window = gray.window((find.x, find.y), (find.side, find.side), WINDOW, WINDOW);
            let verdict = stage.judge(&Gradients::new(&window))?;
            // A window over the left or top edge goes on from the edge.
            let (x, y, side) = (find.x.max(0) as f32, find.y.max(0) as f32, find.side as f32);
            let new = ((verdict.size * 2.0 - 1.0) * side + side + 0.5).floor();
            let moved = |from: f32, by: f32| ((by * 2.0 - 1.0) * side + from + (side - new) * 0.5 + 0.5).floor() as i64;
            Some(Find {
                x: moved(x, verdict.x),
                y: moved(y, verdict.y),
                side: new as usize,
                score: f64::from(verdict.score),
            })
        });
        finds = judged.collect();
        if at < last {
            finds = merged(&finds, SAME);
        } else if last_level {
            finds = merged(&finds, SAME_FACE);
        }
    }
    finds
}

/// Of windows that cover each other the likeliest is kept, with the scores of all of them.
fn merged(finds: &[Find], same: f32) -> Vec<Find> {
    let mut sorted = finds.to_vec();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut taken = vec![false; sorted.len()];
    let mut kept: Vec<Find> = Vec::new();
    for (at, find) in sorted.iter().enumerate() {
        if taken.get(at).copied().unwrap_or(true) {
            continue;
        }
        let mut score = find.score;
        for (other, taken) in sorted.iter().zip(&mut taken).skip(at + 1) {
            if !*taken && find.overlap(other) > same {
                *taken = true;
                score += other.score;
            }
        }
        kept.push(Find { score, ..*find });
    }
    kept
}

impl Find {
    /// Whether there is anything of the picture in it.
    fn touches(&self, gray: &Gray) -> bool {
        let side = self.side as i64;
        let inside = |at: i64, length: usize| at + side > 0 && at < length as i64;
        // Two pixels are the least that can be scaled.
        side >= 2 && inside(self.x, gray.width) && inside(self.y, gray.height)
    }

    /// The part of what both cover that both share.
    fn overlap(&self, other: &Find) -> f32 {
        let common = |a: i64, b: i64| {
            let end = (a + self.side as i64).min(b + other.side as i64);
            (end - a.max(b)).max(0) as f32
        };
        let shared = common(self.x, other.x) * common(self.y, other.y);
        let area = |find: &Find| (find.side as f32).powi(2);
        let all = area(self) + area(other) - shared;
        if all > 0.0 { shared / all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(x: i64, y: i64, side: usize, score: f64) -> Find {
        Find { x, y, side, score }
    }

    #[test]
    fn overlapping_windows_are_one() {
        let finds = [find(0, 0, 10, 1.0), find(1, 0, 10, 3.0), find(50, 0, 10, 2.0), find(0, 1, 10, 0.5)];
        let one = merged(&finds, 0.3);
        assert_eq!(one, [find(1, 0, 10, 4.5), find(50, 0, 10, 2.0)]);
        assert_eq!(merged(&finds, 0.99).len(), 4);
        assert_eq!(merged(&[], 0.3), []);
    }

    #[test]
    fn windows_outside_are_dropped() {
        let gray = Gray { width: 50, height: 50, pixels: vec![0; 2500] };
        for (find, expected) in [
            (find(0, 0, 40, 1.0), true),
            (find(-39, 49, 40, 1.0), true),
            (find(-40, 0, 40, 1.0), false),
            (find(50, 0, 40, 1.0), false),
            (find(0, 999, 40, 1.0), false),
            (find(0, 0, 0, 1.0), false),
        ] {
            assert_eq!(find.touches(&gray), expected, "{find:?}");
        }
    }
}
