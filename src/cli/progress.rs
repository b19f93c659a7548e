//! How far a command has come, on the standard error.

use std::io::{self, IsTerminal, Write};

/// Percent on a terminal; elsewhere nothing, or a line each tenth.
pub(super) struct Progress {
    done: usize,
    all: usize,
    /// The percent that was said last.
    said: usize,
    on_terminal: bool,
    /// What is counted, where that is also told elsewhere.
    counted: Option<Words>,
}

/// What is said with so many done of so many.
type Words = Box<dyn Fn(usize, usize) -> String + Send + Sync>;

impl Progress {
    /// `all`: how many there will be.
    pub fn new(all: usize) -> Self {
        Self { done: 0, all, said: 0, on_terminal: io::stderr().is_terminal(), counted: None }
    }

    /// Told elsewhere than on a terminal too: `Lead 30 of 300`.
    pub fn of(counted: &'static str, all: usize) -> Self {
        Self::told(move |done, all| format!("{counted} {done} of {all}"), all)
    }

    /// As [`Progress::of`], in words of one's own, of how many are done and how many there are.
    pub fn told(words: impl Fn(usize, usize) -> String + Send + Sync + 'static, all: usize) -> Self {
        Self { counted: Some(Box::new(words)), ..Self::new(all) }
    }

    /// One more is done.
    pub fn step(&mut self) {
        self.tell(self.done + 1);
    }

    /// So many are done by now.
    pub fn tell(&mut self, done: usize) {
        if let Some(words) = self.words(done) {
            let mut out = io::stderr().lock();
            // Nothing depends on whether it could be shown.
            let _ = out.write_all(words.as_bytes()).and_then(|()| out.flush());
        }
    }

    /// What is to be said now that so many are done.
    fn words(&mut self, done: usize) -> Option<String> {
        self.done = done;
        // Where servers run, there may be more by now than were counted.
        let percent = (done * 100 / self.all.max(1)).min(100);
        let step = if self.on_terminal { 1 } else { 10 };
        if percent / step <= self.said / step {
            return None;
        }
        self.said = percent;
        if self.on_terminal {
            // Once all is done, the line is left empty for what comes next.
            return Some(format!("\r{percent} %{}", if percent == 100 { "\r      \r" } else { "" }));
        }
        self.counted.as_ref().map(|words| words(done, self.all) + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_each_percent_and_a_log_each_tenth_or_nothing() {
        let said = |mut progress: Progress, on_terminal: bool| {
            progress.on_terminal = on_terminal;
            (1..=1_001).filter_map(|n| progress.words(n)).collect::<Vec<_>>()
        };
        let percents = said(Progress::new(1_000), true);
        assert_eq!((percents.len(), percents[0].as_str()), (100, "\r1 %"));
        assert!(percents[99].ends_with("\r      \r"), "{:?}", percents[99]);
        assert!(said(Progress::new(1_000), false).is_empty());
        let lines = said(Progress::of("Lead", 1_000), false);
        assert_eq!((lines.len(), lines[0].as_str()), (10, "Lead 100 of 1000\n"));
        assert_eq!(said(Progress::new(0), true).len(), 1);
    }
}
