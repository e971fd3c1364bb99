//! Looking for something in bytes that come piece by piece.

use memchr::memmem::find;

/// A search in a text that grows at its end. What was looked at is not looked at again.
#[derive(Default)]
pub(super) struct Search {
    /// Before this, nothing begins that is looked for.
    start: usize,
    #[cfg(test)]
    pub(super) looked_at: usize,
}

impl Search {
    /// Where something stands. Call it again with the same text, and more behind it; or
    /// [`restart`](Self::restart).
    pub(super) fn find(&mut self, text: &[u8], wanted: &[u8]) -> Option<usize> {
        let rest = text.get(self.start..).unwrap_or_default();
        #[cfg(test)]
        {
            self.looked_at += rest.len();
        }
        if let Some(at) = find(rest, wanted) {
            return Some(self.start + at);
        }
        // The last bytes may be the beginning of it.
        self.start = self.start.max(text.len().saturating_sub(wanted.len() - 1));
        None
    }

    /// Where the first byte stands that is not one of these.
    pub(super) fn find_other(&mut self, text: &[u8], than: &[u8]) -> Option<usize> {
        let rest = text.get(self.start..).unwrap_or_default();
        #[cfg(test)]
        {
            self.looked_at += rest.len();
        }
        let blanks = rest.iter().take_while(|byte| than.contains(byte)).count();
        self.start += blanks;
        (blanks < rest.len()).then_some(self.start)
    }

    /// For another text, or something else in it.
    pub(super) fn restart(&mut self, start: usize) {
        self.start = start;
    }
}

/// How many bytes at the end of a text may be the beginning of something.
pub(super) fn begun(text: &[u8], wanted: &[u8]) -> usize {
    let most = text.len().min(wanted.len() - 1);
    let tail = &text[text.len() - most..];
    let start = (0..most).find(|start| tail[*start] == wanted[0] && wanted.starts_with(&tail[*start..]));
    start.map_or(0, |start| most - start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let text = |at: usize| [vec![b'\r'; at], b"\r\n--b".to_vec(), vec![b'\n'; 3]].concat();
        for at in [0, 1, 254, 255, 256, 257, 511, 512, 1000] {
            assert_eq!(find(&text(at), b"\r\n--b"), Some(at));
            assert_eq!(find(&text(at), b"\r\n--c"), None);
        }
        for (text, expected) in
            [("", 0), ("x", 0), ("x\r", 1), ("\r\n", 2), ("\r\r\n--", 4), ("\r\n--b", 0), ("\r\nx", 0)]
        {
            assert_eq!(begun(text.as_bytes(), b"\r\n--b"), expected, "{text:?}");
        }
    }

    /// However a text grows, the same is found, and nearly nothing is looked at twice.
    #[test]
    fn growing_texts() {
        for (before, wanted) in [("a:\r\n", "\r\n\r\n"), ("x", "--b"), ("\r\n-", "\r\n--b"), ("\r", "\r\n\r\n")] {
            let text = [before.repeat(200), wanted.to_owned(), before.repeat(3)].concat();
            let expected = text.find(wanted);
            for size in [1, 2, 3, 7, 300] {
                let mut search = Search::default();
                let mut ends = (0..=text.len()).step_by(size).chain([text.len()]);
                let found = ends.find_map(|end| search.find(&text.as_bytes()[..end], wanted.as_bytes()));
                assert_eq!(found, expected, "{before:?} {wanted:?} {size}");
                assert!(search.looked_at <= text.len() * wanted.len(), "{before:?} {size}: {}", search.looked_at);
            }
        }
        let mut search = Search::default();
        let ends = (0..=8).map(|end| search.find_other(&b"   \t  xy"[..end], b" \t"));
        assert_eq!(ends.collect::<Vec<_>>(), [vec![None; 7], vec![Some(6); 2]].concat());
        assert_eq!(search.looked_at, 6 + 1 + 2);
    }
}
