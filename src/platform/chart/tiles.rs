//! The 34 province-level regions as a grid of equal tiles: a picture of where, not a map (no outline is drawn, every
//! region is as large as the next). Places come from `assets/reference/tile-grid.csv`.

use std::sync::OnceLock;

use super::scale::{measure, round_up};
use super::{Anchor, Brief, Picture, Tone, WIDTH};

/// A tile of the grid: six-digit region code, short Chinese name, row and column from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub code: &'static str,
    pub name: &'static str,
    pub row: u8,
    pub column: u8,
}

/// A region's figure. Regions without a tile given are drawn as empty.
#[derive(Debug, Clone)]
pub struct Tile {
    pub code: String,
    /// Overrides the Chinese name (for the English page).
    pub label: Option<String>,
    pub value: i64,
    pub shown: String,
}

/// All places of the grid, in the order of their codes.
pub fn places() -> &'static [Place] {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let text = include_str!("../../../assets/reference/tile-grid.csv");
        text.lines().skip(1).filter_map(place).collect()
    })
}

fn place(line: &'static str) -> Option<Place> {
    let mut fields = line.trim().split(',');
    Some(Place {
        code: fields.next()?,
        name: fields.next()?,
        row: fields.next()?.parse().ok()?,
        column: fields.next()?.parse().ok()?,
    })
}

/// The grid, shaded in five steps by value, with the steps beside it.
pub fn tiles(brief: &Brief, data: &[Tile]) -> Picture {
    let columns = places().iter().map(|p| p.column).max().unwrap_or(1);
    let rows = places().iter().map(|p| p.row).max().unwrap_or(1);
    // On a phone the grid takes the whole width and the steps stand below it.
    let is_wide = brief.width >= WIDTH;
    let (pitch, left, below) =
        if is_wide { (62.0, 20.0, 4.0) } else { (brief.width / f32::from(columns), 0.0, 160.0) };
    let (size_of, scale) = (pitch - 4.0, (pitch - 4.0) / 58.0);
    let mut picture = Picture::new(brief, f32::from(rows) * pitch + below);
    let values: Vec<i64> = data.iter().map(|t| t.value).filter(|value| *value > 0).collect();
    let classes = classes(&values);
    for place in places() {
        let x = left + f32::from(place.column - 1) * pitch;
        let y = f32::from(place.row - 1) * pitch + 2.0;
        let tile = data.iter().find(|t| t.code == place.code);
        let name = tile.and_then(|t| t.label.as_deref()).unwrap_or(place.name);
        let (tone, words) = match tile.filter(|t| t.value > 0) {
            Some(t) => {
                let n = classes.iter().find(|class| t.value <= class.to).map_or(4, |class| class.tone);
                (Tone::Step(n), if n >= 2 { Tone::OnDark } else { Tone::OnTile })
            }
            None => (Tone::Empty, Tone::Muted),
        };
        let shown = tile.map_or("", |t| t.shown.as_str());
        picture.rect((x, y), size_of, size_of, tone, &format!("{name}: {shown}"));
        let size = (13.0_f32).min((size_of - 4.0 * scale - 2.0) / measure(name).max(0.1));
        let middle = x + size_of / 2.0;
        picture.text((middle, y + 25.0 * scale), size, Anchor::Middle, name, words);
        let size = (13.0_f32).min((size_of - 4.0 * scale - 2.0) / measure(shown).max(0.1));
        picture.text((middle, y + 44.0 * scale + 1.0), size, Anchor::Middle, shown, words);
    }
    let beside = (left + f32::from(columns) * pitch + 16.0).min(brief.width - 130.0);
    let place = if is_wide { (beside, 0.0) } else { (left, f32::from(rows) * pitch + 6.0) };
    key(&mut picture, brief, place, &classes);
    picture
}

/// Width of a step: a fifth of the greatest value, rounded up to a round number.
fn steps(most: i64) -> i64 {
    let (top, _) = round_up(most);
    (top / 5 + i64::from(top % 5 != 0)).max(1)
}

/// A class of values, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Class {
    from: i64,
    to: i64,
    /// How dark it is drawn, 0 to 4.
    tone: u8,
}

/// Up to five classes of equal width for values above 0, from the least to the greatest, each going on where the one
/// before ends. One that no value falls into is joined to the next: it would explain a shade that is nowhere.
fn classes(values: &[i64]) -> Vec<Class> {
    let most = values.iter().copied().max().unwrap_or(0);
    let step = steps(most);
    let mut found: Vec<Class> = Vec::new();
    for tone in 0..5u8 {
        let to = step.saturating_mul(i64::from(tone) + 1);
        let from = found.last().map_or(1, |class| class.to + 1);
        if values.iter().any(|value| (from..=to).contains(value)) {
            found.push(Class { from, to, tone });
        }
    }
    found
}

fn key(picture: &mut Picture, brief: &Brief, (x, top): (f32, f32), classes: &[Class]) {
    picture.text((x, top + 16.0), 12.0, Anchor::Start, &brief.now, Tone::Strong);
    let mut y = top + 26.0;
    for class in classes {
        picture.rect((x, y), 18.0, 14.0, Tone::Step(class.tone), "");
        let (from, to) = ((brief.tick)(class.from), (brief.tick)(class.to));
        let text = if from == to { to } else { format!("{from}–{to}") };
        picture.text((x + 26.0, y + 11.5), 11.0, Anchor::Start, text, Tone::Label);
        y += 20.0;
    }
    picture.rect((x, y), 18.0, 14.0, Tone::Empty, "");
    picture.text((x + 26.0, y + 11.5), 11.0, Anchor::Start, "0", Tone::Label);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_values_make_few_classes() {
        assert_eq!(classes(&[]), []);
        assert_eq!(classes(&[1]), [Class { from: 1, to: 1, tone: 0 }]);
        let two = [Class { from: 1, to: 1, tone: 0 }, Class { from: 2, to: 2, tone: 1 }];
        assert_eq!(classes(&[2, 1, 1]), two);
        let apart = classes(&[3, 100]);
        assert_eq!(apart.iter().map(|c| (c.from, c.to)).collect::<Vec<_>>(), [(1, 20), (21, 100)]);
    }

    proptest! {
        #[test]
        fn classes_go_on_from_one_another_and_none_is_empty(values in proptest::collection::vec(1_i64..5_000_000, 1..35)) {
            let classes = classes(&values);
            prop_assert_eq!(classes[0].from, 1);
            for class in &classes {
                prop_assert!(class.from <= class.to);
                prop_assert!(values.iter().any(|value| (class.from..=class.to).contains(value)));
            }
            for pair in classes.windows(2) {
                prop_assert_eq!(pair[1].from, pair[0].to + 1);
                prop_assert!(pair[0].tone < pair[1].tone);
            }
            prop_assert!(values.iter().all(|value| *value <= classes[classes.len() - 1].to));
        }
    }
}
