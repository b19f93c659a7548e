//! A line over the months, with the year before dashed beneath. A month without a figure leaves a gap, never a zero.

use super::bars::axis;
use super::scale::{part, round_up};
use super::{Anchor, Brief, Datum, Picture, Tone};

/// One point a datum, in order.
pub fn months(brief: &Brief, data: &[Datum]) -> Picture {
    const TOP: f32 = 34.0;
    const PLOT: f32 = 190.0;
    let mut picture = Picture::new(brief, TOP + PLOT + 28.0);
    picture.legend(brief, true);
    let most = data.iter().flat_map(|d| [d.value, d.prior]).flatten().max().unwrap_or(0);
    let (top, step) = round_up(most);
    let left = axis(&mut picture, brief, top, step, TOP, PLOT);
    let slot = (brief.width - left) / data.len().max(1) as f32;
    let at = |i: usize, v: i64| (left + (i as f32 + 0.5) * slot, TOP + PLOT - part(v, top, PLOT));
    picture.line(vec![(left, TOP + PLOT), (brief.width, TOP + PLOT)], Tone::Axis);
    if brief.prior.is_some() {
        let priors: Vec<Option<(f32, f32)>> =
            data.iter().enumerate().map(|(i, d)| d.prior.map(|v| at(i, v))).collect();
        strokes(&mut picture, &priors, Tone::Prior);
    }
    let points: Vec<Option<(f32, f32)>> =
        data.iter().enumerate().map(|(i, d)| d.value.map(|v| at(i, v))).collect();
    strokes(&mut picture, &points, Tone::Main);
    for (i, datum) in data.iter().enumerate() {
        let x = left + (i as f32 + 0.5) * slot;
        picture.text((x, TOP + PLOT + 18.0), 12.0, Anchor::Middle, &datum.label, Tone::Label);
        if let Some((x, y)) = points[i] {
            let hint = format!("{} · {}: {}", datum.label, brief.now, datum.shown);
            picture.rect((x - 3.0, y - 3.0), 6.0, 6.0, Tone::Main, &hint);
            picture.text((x, y - 8.0), 10.0, Anchor::Middle, &datum.shown, Tone::Strong);
        }
    }
    picture
}

/// The line through the points that are there; a gap parts it.
fn strokes(picture: &mut Picture, points: &[Option<(f32, f32)>], tone: Tone) {
    for run in points.split(Option::is_none) {
        let run: Vec<(f32, f32)> = run.iter().copied().flatten().collect();
        if run.len() > 1 {
            picture.line(run, tone);
        }
    }
}
