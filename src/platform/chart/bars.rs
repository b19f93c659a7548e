//! Bars: upright with the year before beside, and lying for names that are long (regions, kinds of agency).

use super::scale::{measure, part, round_up, two_lines};
use super::{Anchor, Brief, Datum, Picture, Tone};

fn most(data: &[Datum]) -> i64 {
    data.iter().flat_map(|d| [d.value, d.prior]).flatten().max().unwrap_or(0)
}

/// Upright bars, each beside its figure of the year before.
pub fn columns(brief: &Brief, data: &[Datum]) -> Picture {
    const TOP: f32 = 34.0;
    const PLOT: f32 = 200.0;
    let mut picture = Picture::new(brief, TOP + PLOT + 42.0);
    picture.legend(brief, false);
    let (top, step) = round_up(most(data));
    let left = axis(&mut picture, brief, top, step, TOP, PLOT);
    let slot = (brief.width - left) / data.len().max(1) as f32;
    let paired = brief.prior.is_some();
    let bar = (slot * if paired { 0.36 } else { 0.56 }).min(54.0);
    for (i, datum) in data.iter().enumerate() {
        let middle = left + (i as f32 + 0.5) * slot;
        let mut series = vec![(datum.value, &datum.shown, Tone::Main, &brief.now)];
        if let Some(prior) = &brief.prior {
            series.insert(0, (datum.prior, &datum.prior_shown, Tone::Prior, prior));
        }
        let first = middle - bar * series.len() as f32 / 2.0;
        for (n, (value, shown, tone, name)) in series.into_iter().enumerate() {
            let x = first + n as f32 * bar;
            let hint = format!("{} · {name}: {shown}", datum.label);
            column(
                &mut picture,
                brief,
                (x, TOP + PLOT),
                bar,
                value.map(|v| part(v, top, PLOT)),
                tone,
                shown,
                &hint,
            );
        }
        for (n, line) in two_lines(&datum.label, slot * 0.96 / 12.0).into_iter().enumerate() {
            let y = TOP + PLOT + 17.0 + n as f32 * 15.0;
            picture.text((middle, y), 12.0, Anchor::Middle, line, Tone::Label);
        }
    }
    picture.line(vec![(left, TOP + PLOT), (brief.width, TOP + PLOT)], Tone::Axis);
    picture
}

/// One upright bar on the point `foot`, with its figure above where there is room for it.
#[expect(clippy::too_many_arguments, reason = "the parts of one bar")]
fn column(
    picture: &mut Picture,
    brief: &Brief,
    foot: (f32, f32),
    width: f32,
    height: Option<f32>,
    tone: Tone,
    shown: &str,
    hint: &str,
) {
    let (x, y) = foot;
    let inner = width - 2.0;
    match height {
        Some(height) => {
            picture.rect((x + 1.0, y - height), inner, height, tone, hint);
            if measure(shown) * 10.0 <= width * 1.9 {
                let words = if tone == Tone::Main { Tone::Strong } else { Tone::Muted };
                picture.text((x + width / 2.0, y - height - 4.0), 10.0, Anchor::Middle, shown, words);
            }
        }
        None => {
            picture.rect((x + 1.0, y - 4.0), inner, 4.0, Tone::Empty, &brief.unpublished);
            picture.text((x + width / 2.0, y - 8.0), 9.0, Anchor::Middle, &brief.unpublished, Tone::Muted);
        }
    }
}

/// Grid lines with their numbers; gives back where the plot begins.
pub(super) fn axis(picture: &mut Picture, brief: &Brief, top: i64, step: i64, y: f32, plot: f32) -> f32 {
    let ticks: Vec<i64> = (0..).map(|n| n * step).take_while(|v| *v <= top).collect();
    let widest = ticks.iter().map(|v| measure(&(brief.tick)(*v))).fold(0.0, f32::max);
    let left = widest * 11.0 + 8.0;
    for value in ticks {
        let at = y + plot - part(value, top, plot);
        picture.line(vec![(left, at), (brief.width, at)], Tone::Grid);
        picture.text((left - 6.0, at + 4.0), 11.0, Anchor::End, (brief.tick)(value), Tone::Muted);
    }
    left
}

/// Lying bars, one a row, names at the left and figures at the right end.
pub fn rows(brief: &Brief, data: &[Datum]) -> Picture {
    const TOP: f32 = 26.0;
    let paired = brief.prior.is_some();
    let pitch = if paired { 38.0 } else { 28.0 };
    let mut picture = Picture::new(brief, TOP + pitch * data.len() as f32 + 6.0);
    picture.legend(brief, false);
    let names = data.iter().map(|d| measure(&d.label)).fold(0.0, f32::max) * 12.0;
    let left = names.clamp(40.0, brief.width * 0.29) + 10.0;
    let shown = |d: &Datum| measure(&d.shown).max(measure(&d.prior_shown));
    let figures = data.iter().map(shown).fold(0.0, f32::max) * 11.0;
    let room = brief.width - left - figures.min(brief.width * 0.28) - 10.0;
    let top = most(data);
    for (i, datum) in data.iter().enumerate() {
        let y = TOP + i as f32 * pitch;
        let lines = two_lines(&datum.label, (left - 10.0) / 12.0);
        let first = y + pitch / 2.0 + 1.0 - (lines.len() as f32 - 1.0) * 7.0;
        for (n, line) in lines.into_iter().enumerate() {
            picture.text((left - 8.0, first + n as f32 * 14.0), 12.0, Anchor::End, line, Tone::Label);
        }
        let hint = format!("{} · {}: {}", datum.label, brief.now, datum.shown);
        let thick = if paired { 14.0 } else { 18.0 };
        lying(
            &mut picture,
            brief,
            (left, y + 3.0),
            thick,
            datum.value.map(|v| part(v, top, room)),
            Tone::Main,
            &datum.shown,
            &hint,
        );
        if let Some(prior) = &brief.prior {
            let hint = format!("{} · {prior}: {}", datum.label, datum.prior_shown);
            let length = datum.prior.map(|v| part(v, top, room));
            lying(
                &mut picture,
                brief,
                (left, y + 18.0),
                12.0,
                length,
                Tone::Prior,
                &datum.prior_shown,
                &hint,
            );
        }
    }
    let foot = TOP + pitch * data.len() as f32;
    picture.line(vec![(left, TOP - 2.0), (left, foot)], Tone::Axis);
    picture
}

/// One lying bar from the point `from`.
#[expect(clippy::too_many_arguments, reason = "the parts of one bar")]
fn lying(
    picture: &mut Picture,
    brief: &Brief,
    from: (f32, f32),
    thick: f32,
    length: Option<f32>,
    tone: Tone,
    shown: &str,
    hint: &str,
) {
    let (x, y) = from;
    let baseline = y + thick / 2.0 + 4.0;
    match length {
        Some(length) => {
            picture.rect((x, y), length.max(1.0), thick, tone, hint);
            let words = if tone == Tone::Main { Tone::Strong } else { Tone::Muted };
            picture.text((x + length + 6.0, baseline), 11.0, Anchor::Start, shown, words);
        }
        None => picture.text((x + 6.0, baseline), 11.0, Anchor::Start, &brief.unpublished, Tone::Muted),
    }
}
