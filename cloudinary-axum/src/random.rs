//! Random names.

use rand::Rng as _;

/// So many letters and digits, which can stand in a public id: with 20, 103 bits that nobody guesses.
pub(crate) fn name(characters: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut random = rand::rng();
    (0..characters).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect()
}
