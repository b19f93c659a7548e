//! What a camera has written into its picture (EXIF).

use std::io::Cursor;

use exif::{Exif, In, Reader, Tag, Value};

use super::marks;

/// Characters of a value.
const MOST_VALUE: usize = 300;

/// A fact: the message key of its name, and its value.
pub type Told = (&'static str, Said);

/// What a fact says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// As it stands there.
    Text(String),
    /// A word of ours, by its message key.
    Word(&'static str),
    /// Latitude and longitude, in degrees, north and east of nought.
    Place(f64, f64),
    /// Metres above the sea, below it with a minus.
    Height(f64),
}

/// Texts, in the order in which they are told.
const TEXTS: [(&str, Tag); 12] = [
    ("reading-exif-taken", Tag::DateTimeOriginal),
    ("reading-exif-zone", Tag::OffsetTimeOriginal),
    ("reading-exif-digitized", Tag::DateTimeDigitized),
    ("reading-exif-changed", Tag::DateTime),
    ("reading-exif-make", Tag::Make),
    ("reading-exif-model", Tag::Model),
    ("reading-exif-lens", Tag::LensModel),
    ("reading-exif-serial", Tag::BodySerialNumber),
    ("reading-exif-software", Tag::Software),
    ("reading-exif-description", Tag::ImageDescription),
    ("reading-exif-artist", Tag::Artist),
    ("reading-exif-copyright", Tag::Copyright),
];

/// How a picture is to be turned, from 1 on.
const TURNS: [&str; 8] = [
    "reading-exif-turn-none",
    "reading-exif-turn-mirrored",
    "reading-exif-turn-half",
    "reading-exif-turn-mirrored",
    "reading-exif-turn-mirrored",
    "reading-exif-turn-right",
    "reading-exif-turn-mirrored",
    "reading-exif-turn-left",
];

/// Reads the facts of a picture, which may have none; `None`: they can't be read, which says nothing of the picture itself.
pub fn read(bytes: &[u8]) -> Option<Vec<Told>> {
    let read = Reader::new().continue_on_error(true).read_from_container(&mut Cursor::new(bytes));
    let mut is_partial = false;
    let exif = match read.or_else(|error| error.distill_partial_result(|_| is_partial = true)) {
        Ok(exif) => exif,
        Err(exif::Error::NotFound(_) | exif::Error::InvalidFormat("Unknown image format")) => {
            return Some(Vec::new());
        }
        Err(_) => return None,
    };
    let mut told: Vec<Told> =
        TEXTS.iter().filter_map(|(key, tag)| Some((*key, Said::Text(text(&exif, *tag)?)))).collect();
    let turn = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    if let Some(word) = turn.and_then(|turn| TURNS.get((turn as usize).checked_sub(1)?).copied()) {
        told.push(("reading-exif-turn", Said::Word(word)));
    }
    let degrees = |tag: Tag, mark: Tag, against: &str| -> Option<f64> {
        let value = degrees(&exif, tag)?;
        Some(if text(&exif, mark).is_some_and(|mark| mark == against) { -value } else { value })
    };
    let north = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, "S").filter(|north| north.abs() <= 90.0);
    let east = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, "W").filter(|east| east.abs() <= 180.0);
    if let Some((north, east)) = north.zip(east) {
        told.push(("reading-exif-place", Said::Place(north, east)));
    }
    if let Some(height) = height(&exif) {
        told.push(("reading-exif-height", Said::Height(height)));
    }
    if let Some(day) = text(&exif, Tag::GPSDateStamp) {
        told.push(("reading-exif-place-day", Said::Text(day)));
    }
    (!told.is_empty() || !is_partial).then_some(told)
}

/// The text of a field, where it has one.
fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let field = exif.get_field(tag, In::PRIMARY)?;
    let Value::Ascii(texts) = &field.value else { return None };
    let text = String::from_utf8_lossy(texts.first()?).trim().to_owned();
    (!text.is_empty()).then(|| marks::line(&text, MOST_VALUE))
}

/// Degrees, minutes and seconds as degrees.
fn degrees(exif: &Exif, tag: Tag) -> Option<f64> {
    let field = exif.get_field(tag, In::PRIMARY)?;
    let Value::Rational(parts) = &field.value else { return None };
    let [whole, minutes, seconds] = parts.first_chunk::<3>()?;
    let sum = whole.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3_600.0;
    sum.is_finite().then_some(sum)
}

fn height(exif: &Exif) -> Option<f64> {
    let field = exif.get_field(Tag::GPSAltitude, In::PRIMARY)?;
    let Value::Rational(parts) = &field.value else { return None };
    let metres = parts.first()?.to_f64();
    let below = exif.get_field(Tag::GPSAltitudeRef, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    metres.is_finite().then_some(if below == Some(1) { -metres } else { metres })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A TIFF of one directory with these entries: tag, kind, count, value.
    fn tiff(entries: &[(u16, u16, u32, [u8; 4])], more: &[u8]) -> Vec<u8> {
        let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
        bytes.extend_from_slice(&(entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&kind.to_le_bytes());
            bytes.extend_from_slice(&count.to_le_bytes());
            bytes.extend_from_slice(value);
        }
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(more);
        bytes
    }

    #[test]
    fn facts_are_told_and_what_is_broken_is_not_believed() {
        // Model and orientation; the text lies behind the directory.
        let at = (8 + 2 + 2 * 12 + 4_u32).to_le_bytes();
        let whole = tiff(&[(0x110, 2, 6, at), (0x112, 3, 1, [6, 0, 0, 0])], b"Cam 1\0");
        assert_eq!(
            read(&whole).expect("facts"),
            [
                ("reading-exif-model", Said::Text("Cam 1".into())),
                ("reading-exif-turn", Said::Word("reading-exif-turn-right")),
            ]
        );
        let wild = tiff(&[(0x112, 3, 1, [99, 0, 0, 0]), (0x110, 2, u32::MAX, at)], b"x");
        assert!(read(&wild).is_none_or(|told| told.is_empty()));
        for cut in 0..whole.len() {
            // Whatever it comes to, it comes to an end.
            let _ = read(&whole[..cut]);
        }
        assert!(read(b"GIF89a").expect("none").is_empty());
        let broken = [b"\xff\xd8\xff\xe1\0\x10Exif\0\0".as_slice(), b"no facts", b"\xff\xd9"].concat();
        assert_eq!(read(&broken), None, "what can't be read is not nothing");
    }
}
