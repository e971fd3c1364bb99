//! A file in memory.

use bytes::{Bytes, BytesMut};

/// A file, in the pieces it came in.
#[derive(Default)]
pub(super) struct Buffer {
    pieces: Vec<Bytes>,
    /// Pieces too small to be kept one by one.
    small: BytesMut,
    length: u64,
}

/// A piece takes more memory than its bytes, so that smaller ones are joined.
const SMALL_PIECE_BYTES: usize = 4096;

impl Buffer {
    /// How many bytes there are.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Adds a piece, without a copy unless it is small.
    pub(super) fn push(&mut self, piece: Bytes) {
        self.length += piece.len() as u64;
        if piece.len() < SMALL_PIECE_BYTES {
            self.small.extend_from_slice(&piece);
            return;
        }
        if !self.small.is_empty() {
            self.pieces.push(self.small.split().freeze());
        }
        self.pieces.push(piece);
    }

    /// All of it in one.
    pub(super) fn into_bytes(mut self) -> Bytes {
        if !self.small.is_empty() {
            self.pieces.push(self.small.freeze());
        }
        if let [only] = self.pieces.as_mut_slice() {
            return std::mem::take(only);
        }
        let mut whole = Vec::with_capacity(self.pieces.iter().map(Bytes::len).sum());
        // Each goes as soon as it is copied, so that others can have its memory.
        for piece in self.pieces {
            whole.extend_from_slice(&piece);
        }
        whole.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_joined_in_their_order() {
        for sizes in [&[][..], &[1], &[5000], &[1, 2, 5000, 3], &[5000, 1, 5000], &[4095, 4096, 4097]] {
            let mut buffer = Buffer::default();
            let mut expected = Vec::new();
            for (at, size) in sizes.iter().enumerate() {
                let piece = vec![u8::try_from(at).unwrap(); *size];
                expected.extend_from_slice(&piece);
                buffer.push(piece.into());
            }
            assert_eq!(buffer.length(), expected.len() as u64);
            assert_eq!(buffer.into_bytes(), expected, "{sizes:?}");
        }
    }

    #[test]
    fn one_piece_is_not_copied() {
        let piece = Bytes::from(vec![b'x'; 5000]);
        let mut buffer = Buffer::default();
        buffer.push(piece.clone());
        assert_eq!(buffer.into_bytes().as_ptr(), piece.as_ptr());
    }
}
