//! Bytes that are held until they are sent, or to be sent again.

use bytes::{Bytes, BytesMut};

/// Pieces of a file, in their order.
#[derive(Default)]
pub(crate) struct Held {
    pieces: Vec<Bytes>,
    /// What follows them, copied.
    copied: BytesMut,
    length: usize,
}

/// A piece keeps all of the memory that it was read into, so that smaller ones are copied.
const SMALL_PIECE_BYTES: usize = 4096;
/// How many copied bytes are joined at most, since what grows further is copied as it grows.
const JOINED_BYTES: usize = 64 * 1024;

impl Held {
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Forgets everything, but keeps its memory if `copies` are to follow: so many bytes.
    pub(crate) fn restart(&mut self, copies: usize) {
        self.pieces.clear();
        self.copied.clear();
        self.copied.reserve(copies);
        self.length = 0;
    }

    /// Adds a piece as it is, unless it is small.
    pub(crate) fn push(&mut self, piece: Bytes) {
        if piece.len() < SMALL_PIECE_BYTES {
            self.copy(&piece);
            if self.copied.len() >= JOINED_BYTES {
                self.close();
            }
            return;
        }
        self.close();
        self.length += piece.len();
        self.pieces.push(piece);
    }

    /// Adds a copy, so that whoever read the piece can have its memory again.
    pub(crate) fn copy(&mut self, piece: &[u8]) {
        self.length += piece.len();
        self.copied.extend_from_slice(piece);
    }

    /// All of it; nothing is held any more.
    pub(crate) fn take(&mut self) -> Vec<Bytes> {
        self.close();
        self.length = 0;
        std::mem::take(&mut self.pieces)
    }

    fn close(&mut self) {
        if !self.copied.is_empty() {
            self.pieces.push(self.copied.split().freeze());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_what_came() {
        let mut held = Held::default();
        for sizes in [&[][..], &[1], &[5000], &[1, 2, 5000, 3], &[5000, 1, 5000], &[4095, 4096, 4097], &vec![7; 40_000]]
        {
            for copies in [false, true] {
                let whole: Vec<u8> = (0..sizes.iter().sum::<usize>()).map(|at| (at % 251) as u8).collect();
                held.restart(if copies { whole.len() } else { 0 });
                let mut rest = Bytes::from(whole.clone());
                for size in sizes {
                    let piece = rest.split_to(*size);
                    if copies { held.copy(&piece) } else { held.push(piece) }
                }
                assert_eq!(held.len(), whole.len());
                let pieces = held.take();
                assert!(pieces.concat() == whole && held.len() == 0, "{} pieces", sizes.len());
                // As few as may be, and none that keeps much more memory than its bytes.
                let most = if copies { 1 } else { 2 * sizes.len().min(whole.len() / SMALL_PIECE_BYTES + 2) };
                assert!(pieces.len() <= most, "{} of {}", pieces.len(), sizes.len());
            }
        }
    }

    #[test]
    fn copies_go_where_others_were() {
        let mut held = Held::default();
        let mut places = Vec::new();
        for _ in 0..2 {
            held.restart(10_000);
            held.copy(&[1; 6000]);
            places.push(held.copied.as_ptr());
        }
        assert_eq!(places[0], places[1]);
    }
}
