//! A funnel: how many of each step went on to the next. Widths are shares of the first step; the share kept stands
//! between.

use super::scale::{part, two_lines};
use super::{Anchor, Brief, Datum, Picture, Tone};

/// Steps from the first to the last, each a bar about the middle. `kept`: what is said of the share of a step that came to
/// the next one, `33%`; of a step to which more came than to the one before it nothing is said.
pub fn funnel(brief: &Brief, data: &[Datum], kept: impl Fn(&str) -> String) -> Picture {
    const BAR: f32 = 30.0;
    const GAP: f32 = 20.0;
    let mut picture = Picture::new(brief, 8.0 + data.len() as f32 * (BAR + GAP));
    // Columns of the names at the left and of the figures at the right.
    let (names, figures) = (brief.width * 0.27, brief.width * 0.17);
    let room = brief.width - names - figures;
    let middle = names + room / 2.0;
    let most = data.iter().filter_map(|d| d.value).max().unwrap_or(0);
    let width = |d: &Datum| d.value.map(|v| part(v, most, room).max(2.0));
    for (i, datum) in data.iter().enumerate() {
        let y = 4.0 + i as f32 * (BAR + GAP);
        let lines = two_lines(&datum.label, (names - 12.0) / 13.0);
        let first = y + BAR / 2.0 + 5.0 - (lines.len() as f32 - 1.0) * 8.0;
        for (n, line) in lines.into_iter().enumerate() {
            picture.text((0.0, first + n as f32 * 16.0), 13.0, Anchor::Start, line, Tone::Label);
        }
        let baseline = y + BAR / 2.0 + 5.0;
        let Some(wide) = width(datum) else {
            picture.text((middle, baseline), 12.0, Anchor::Middle, &brief.unpublished, Tone::Muted);
            continue;
        };
        let hint = format!("{}: {}", datum.label, datum.shown);
        picture.rect((middle - wide / 2.0, y), wide, BAR, Tone::Step((4 - i.min(4)) as u8), &hint);
        picture.text((brief.width, baseline), 14.0, Anchor::End, &datum.shown, Tone::Strong);
        let next = data.get(i + 1);
        if let (Some(next), Some(value)) = (next, datum.value)
            && let (Some(after), Some(next_width)) = (next.value, width(next))
        {
            let (from, to) = (y + BAR, y + BAR + GAP);
            let corners = vec![
                (middle - wide / 2.0, from),
                (middle + wide / 2.0, from),
                (middle + next_width / 2.0, to),
                (middle - next_width / 2.0, to),
            ];
            picture.area(corners, Tone::Empty);
            if value > 0 && after <= value {
                let share = kept(&format!("{}%", (after as f64 / value as f64 * 100.0).round()));
                picture.text((middle, from + GAP / 2.0 + 4.0), 11.0, Anchor::Middle, share, Tone::Muted);
            }
        }
    }
    picture
}
