//! Conditions.
//!
//! Follows <https://cloudinary.com/documentation/conditional_transformations>.

use super::key::Key;
use super::value::text_fault;
use super::{Transformation, expression};

/// Words that stand between two values and say whether they agree.
const COMPARISONS: [&str; 8] = ["eq", "ne", "lt", "gt", "lte", "gte", "in", "nin"];
/// Words that stand between two values or two comparisons.
const CONNECTIONS: [&str; 8] = ["and", "or", "mul", "div", "add", "sub", "mod", "pow"];

impl Transformation {
    /// `if_`: the rest of this step acts only under a condition, as `"w > 500"`.
    ///
    /// Operators are `=`, `!=`, `<`, `>`, `<=`, `>=`, `in`, `nin`, `&&`, `||` and those of arithmetic, with spaces
    /// around them. Text stands between exclamation marks: `"!sale! in tags"`. What cannot be a condition is reported by
    /// [`check`](Self::check).
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let sale = Transformation::new().condition("!sale! in tags && w >= 500").overlay("banner").if_end();
    /// assert_eq!(sale.to_string(), "if_!sale!_in_tags_and_w_gte_500,l_banner/if_end");
    /// assert!(Transformation::new().condition("w >").check().is_err());
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/conditional_transformations>.
    pub fn condition(mut self, condition: &str) -> Self {
        let condition = expression::normalize(condition);
        let fault = text_fault(&condition).or_else(|| fault(&condition));
        self.set_checked(Key::If, condition, fault);
        self
    }

    /// `if_else`: the steps from here on act when the condition before does not hold.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let sized = Transformation::new().condition("w > 500").then().width(500).if_else().then().width(100).if_end();
    /// assert_eq!(sized.to_string(), "if_w_gt_500/w_500/if_else/w_100/if_end");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/conditional_transformations>.
    pub fn if_else(self) -> Self {
        let mut next = self.then();
        next.word(Key::If, "else");
        next
    }

    /// `if_end`: ends what a [`condition`](Self::condition) rules.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let framed = Transformation::new().condition("w > 500").then().sepia(50).if_end().then().border(2, "red");
    /// assert_eq!(framed.to_string(), "if_w_gt_500/e_sepia:50/if_end/bo_2px_solid_red");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/conditional_transformations>.
    pub fn if_end(self) -> Self {
        let mut next = self.then();
        next.word(Key::If, "end");
        next
    }
}

/// What is wrong with a condition in the URL's form, if it can never hold.
fn fault(condition: &str) -> Option<&'static str> {
    if matches!(condition, "else" | "end") || condition.starts_with("isdef_") || condition.starts_with("isndef_") {
        return None;
    }
    let mut quoted = false;
    let mut words = vec![String::new()];
    for c in condition.chars() {
        match c {
            '!' => quoted = !quoted,
            '<' | '>' | '=' | '&' | '|' if !quoted => {
                return Some("put spaces around each operator and a value on both sides, as in w > 500");
            }
            '_' if !quoted => words.push(String::new()),
            _ => {}
        }
        // What is quoted is no operator, whatever it spells.
        if let Some(word) = words.last_mut()
            && (c != '_' || quoted)
        {
            word.push(c);
        }
    }
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    let operator = |word: &String| is(&COMPARISONS, word) || is(&CONNECTIONS, word);
    if quoted {
        Some("end its text with an exclamation mark")
    } else if !words.iter().any(|word| is(&COMPARISONS, word)) {
        Some("compare two values, as in w > 500")
    } else if words.first().is_some_and(operator)
        || words.last().is_some_and(operator)
        || words.windows(2).any(|pair| pair.iter().all(operator))
    {
        Some("give each operator a value on both sides, as in w > 500")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        for (condition, expected) in [
            ("w > 500", "if_w_gt_500"),
            ("w_gt_500", "if_w_gt_500"),
            ("width > 100 && height <= 50", "if_w_gt_100_and_h_lte_50"),
            ("iw / 2 > 100", "if_iw_div_2_gt_100"),
            ("!sale:a b! in tags", "if_!sale:a_b!_in_tags"),
            ("ctx:!name! = !gt!", "if_ctx:!name!_eq_!gt!"),
            ("$x ne -5", "if_$x_ne_-5"),
            ("isndef_$x", "if_isndef_$x"),
            ("end", "if_end"),
        ] {
            let made = Transformation::new().condition(condition);
            assert_eq!(made.to_string(), expected);
            assert!(made.check().is_ok(), "{condition}");
        }
        let made = Transformation::new().condition("w > 500").width(500).if_else().width(100).if_end();
        assert_eq!(made.to_string(), "if_w_gt_500,w_500/if_else,w_100/if_end");
    }

    #[test]
    fn what_does_not_parse_is_reported() {
        for (condition, remedy) in [
            ("", "leave the parameter out"),
            ("w", "compare two values"),
            ("w + 5", "compare two values"),
            ("w>5", "put spaces around"),
            ("w >", "put spaces around"),
            ("> 5", "a value on both sides"),
            ("w > > 5", "give each operator"),
            ("w > 5 &&", "put spaces around"),
            ("w gt", "a value on both sides"),
            ("w > 5 and", "a value on both sides"),
            ("!sale in tags", "exclamation mark"),
            ("w > 1/e_x", "it may not contain"),
            ("w > 1,e_x", "it may not contain"),
        ] {
            let error = Transformation::new().condition(condition).check().unwrap_err().to_string();
            assert!(error.starts_with("if: ") && error.contains(remedy), "{condition}: {error}");
        }
        let made = Transformation::new().condition("w > 1/e_x").width(5).to_string();
        assert_eq!(made, "if_w_gt_1%2Fe_x,w_5");
    }
}
