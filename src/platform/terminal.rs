//! What is shown of a text that anybody may have written.

/// Characters that are shown of it.
const MOST: usize = 200;

/// A text that may be hostile, such as a name in an archive, as it may stand on a terminal or a page: a terminal must not act
/// on it.
pub fn printable(text: &str) -> String {
    text.chars().take(MOST).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_would_act_on_is_left() {
        assert_eq!(printable("广州\u{1b}[2J\n"), "广州\\u{1b}[2J\\n");
        assert_eq!(printable(&"x".repeat(999)).len(), MOST);
    }
}
