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
    const SIZE: f32 = 58.0;
    const PITCH: f32 = 62.0;
    let columns = places().iter().map(|p| p.column).max().unwrap_or(1);
    let rows = places().iter().map(|p| p.row).max().unwrap_or(1);
    let mut picture = Picture::new(brief, f32::from(rows) * PITCH + 4.0);
    let left = 20.0;
    let most = data.iter().map(|t| t.value).max().unwrap_or(0);
    let step = steps(most);
    for place in places() {
        let x = left + f32::from(place.column - 1) * PITCH;
        let y = f32::from(place.row - 1) * PITCH + 2.0;
        let tile = data.iter().find(|t| t.code == place.code);
        let name = tile.and_then(|t| t.label.as_deref()).unwrap_or(place.name);
        let (tone, words) = match tile.filter(|t| t.value > 0) {
            Some(t) => {
                let n = ((t.value - 1) / step).clamp(0, 4) as u8;
                (Tone::Step(n), if n >= 2 { Tone::OnDark } else { Tone::OnTile })
            }
            None => (Tone::Empty, Tone::Muted),
        };
        let shown = tile.map_or("", |t| t.shown.as_str());
        picture.rect((x, y), SIZE, SIZE, tone, &format!("{name}: {shown}"));
        let size = (13.0_f32).min((SIZE - 6.0) / measure(name).max(0.1));
        let middle = x + SIZE / 2.0;
        picture.text((middle, y + 25.0), size, Anchor::Middle, name, words);
        let size = (13.0_f32).min((SIZE - 6.0) / measure(shown).max(0.1));
        picture.text((middle, y + 44.0), size, Anchor::Middle, shown, words);
    }
    key(&mut picture, brief, left + f32::from(columns) * PITCH + 16.0, step, most);
    picture
}

/// Width of a step: a fifth of the greatest value, rounded up to a round number.
fn steps(most: i64) -> i64 {
    let (top, _) = round_up(most);
    (top / 5 + i64::from(top % 5 != 0)).max(1)
}

fn key(picture: &mut Picture, brief: &Brief, x: f32, step: i64, most: i64) {
    let x = x.min(WIDTH - 130.0);
    picture.text((x, 16.0), 12.0, Anchor::Start, &brief.now, Tone::Strong);
    let shown = (0..5).filter(|n| n * step < most.max(1));
    let mut y = 26.0;
    for n in shown {
        picture.rect((x, y), 18.0, 14.0, Tone::Step(n as u8), "");
        let tick = brief.tick;
        let text = format!("{}–{}", tick(n * step + 1), tick((n + 1) * step));
        picture.text((x + 26.0, y + 11.5), 11.0, Anchor::Start, text, Tone::Label);
        y += 20.0;
    }
    picture.rect((x, y), 18.0, 14.0, Tone::Empty, "");
    picture.text((x + 26.0, y + 11.5), 11.0, Anchor::Start, "0", Tone::Label);
}
