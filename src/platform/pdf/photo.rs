//! Photographs: read with bounded memory, turned upright, scaled to what print needs, and kept as JPEG, so that a
//! dossier with hundreds of them needs only their compressed bytes. The originals stay in the package.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, imageops};

/// Longest side kept, in pixels: 170 mm at about 210 dots an inch.
const LONGEST: u32 = 1400;
/// Larger images are not opened: their sides, and the memory for their pixels.
const MOST_SIDE: u32 = 30_000;
const MOST_BYTES: u64 = 192 << 20;

/// A picture ready to embed.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    pub width: u32,
    pub height: u32,
    pub jpeg: Vec<u8>,
}

/// Why an image is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unshown {
    /// No image of a known kind, or damaged.
    Unreadable,
    /// Too large to open within the bounds.
    TooLarge,
}

impl Photo {
    /// Reads PNG, JPEG, GIF (first frame) or WebP, for print.
    ///
    /// # Errors
    /// Why it is not shown.
    pub fn read(bytes: &[u8]) -> Result<Self, Unshown> {
        Self::within(bytes, LONGEST)
    }

    /// As [`Photo::read`], with no side longer than `longest` pixels.
    ///
    /// # Errors
    /// Why it is not shown.
    pub fn within(bytes: &[u8], longest: u32) -> Result<Self, Unshown> {
        let (pixels, orientation) = decode(bytes).map_err(told)?;
        if pixels.width() == 0 || pixels.height() == 0 {
            return Err(Unshown::Unreadable);
        }
        let mut small = if pixels.width().max(pixels.height()) > longest {
            pixels.resize(longest, longest, imageops::FilterType::Triangle)
        } else {
            pixels
        };
        small.apply_orientation(orientation);
        let flat = on_white(small);
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 86).encode_image(&flat).map_err(|_| Unshown::Unreadable)?;
        Ok(Self { width: flat.width(), height: flat.height(), jpeg })
    }
}

/// The whole picture as it is seen: upright, on white, of an animation the first frame. What the file holds beside its points
/// (where and by which camera, a small picture of the whole) does not come along.
///
/// # Errors
/// Why it can't be read.
pub fn upright(bytes: &[u8]) -> Result<image::RgbImage, Unshown> {
    let (mut pixels, orientation) = decode(bytes).map_err(told)?;
    if pixels.width() == 0 || pixels.height() == 0 {
        return Err(Unshown::Unreadable);
    }
    pixels.apply_orientation(orientation);
    Ok(on_white(pixels))
}

fn told(error: image::ImageError) -> Unshown {
    match error {
        image::ImageError::Limits(_) => Unshown::TooLarge,
        _ => Unshown::Unreadable,
    }
}

fn decode(bytes: &[u8]) -> image::ImageResult<(DynamicImage, Orientation)> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// JPEG knows no transparency: what is transparent becomes paper.
fn on_white(image: DynamicImage) -> image::RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let image::Rgba([r, g, b, a]) = *rgba.get_pixel(x, y);
        // The mix of two bytes by a byte is a byte.
        let over = |v: u8| ((u16::from(v) * u16::from(a) + 255 * (255 - u16::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = image::RgbaImage::from_pixel(width, height, image::Rgba([200, 30, 30, 128]));
        image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn large_images_are_scaled_down() {
        let photo = Photo::read(&png(2800, 700)).unwrap();
        assert_eq!((photo.width, photo.height), (1400, 350));
    }

    #[test]
    fn damaged_images_are_told_apart() {
        let mut bytes = png(40, 40);
        bytes.truncate(60);
        assert_eq!(Photo::read(&bytes), Err(Unshown::Unreadable));
        assert_eq!(Photo::read(b"not an image"), Err(Unshown::Unreadable));
    }
}
