//! Axes: round steps, words that fit.

use crate::platform::pdf::{Face, shorten, width};

/// Width of a text in em.
pub(super) fn measure(text: &str) -> f32 {
    width(Face::Regular, text)
}

/// The text within `room` em on at most two lines; what does not fit ends in an ellipsis.
pub(super) fn two_lines(text: &str, room: f32) -> Vec<String> {
    let lines = crate::platform::pdf::lines::break_lines(text, room, 0.0, &|c| {
        crate::platform::pdf::width(Face::Regular, c.encode_utf8(&mut [0; 4]))
    });
    match lines.as_slice() {
        [] => Vec::new(),
        [only] => vec![text[only.shown.clone()].into()],
        [first, second] => vec![text[first.shown.clone()].into(), text[second.shown.clone()].into()],
        [first, second, ..] => {
            let rest = &text[second.range.start..];
            vec![text[first.shown.clone()].into(), shorten(rest, Face::Regular, room)]
        }
    }
}

/// A round number not below `most`, and the step of four or five grid lines up to it.
pub(super) fn round_up(most: i64) -> (i64, i64) {
    let most = most.max(1);
    let mut power: i64 = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if step.saturating_mul(5) >= most {
                let count = most.div_euclid(step) + i64::from(most.rem_euclid(step) != 0);
                return (step.saturating_mul(count.max(1)), step);
            }
        }
        power = power.saturating_mul(10);
    }
}

/// A number with its thousands apart: `1,184`.
pub fn plain(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::from(if value < 0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share of a length, as floats; counts and fen of charts stay far below what a float shows exactly on paper.
pub(super) fn part(value: i64, of: i64, length: f32) -> f32 {
    (value as f64 / of.max(1) as f64 * f64::from(length)) as f32
}
