//! A PDF that is nothing but pictures, one a page: no text, no links, no metadata, no attachments. What is written can be taken
//! away page by page, so that one of thousands of pages takes no more memory than one of them.

use std::io::Write;

use image::codecs::jpeg::JpegEncoder;

use super::{
    raster::Drawn,
    write::{PdfError, fault},
};

/// Of 100: what a scan of a paper needs.
const QUALITY: u8 = 88;
/// With what it begins: the version, and signs that tell that it is not text.
const HEAD: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
/// Objects of the whole, which are written last, and of a page: its picture, what is done with it, the page.
const CATALOG: usize = 1;
const PAGES: usize = 2;
const OF_A_PAGE: usize = 3;

/// Such a PDF in the making.
#[derive(Debug)]
pub struct Pictures {
    /// What is written and was not taken yet.
    written: Vec<u8>,
    /// Bytes that were taken.
    taken: usize,
    /// Where the objects of the pages begin, by their numbers from `PAGES + 1` on.
    places: Vec<usize>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { written: HEAD.to_vec(), taken: 0, places: Vec::new() }
    }
}

impl Pictures {
    /// Bytes that were written so far, with those that were taken.
    pub fn size(&self) -> usize {
        self.taken + self.written.len()
    }

    /// What was written since this was last asked for.
    pub fn take(&mut self) -> Vec<u8> {
        let written = std::mem::take(&mut self.written);
        self.taken += written.len();
        written
    }

    /// Adds a page.
    ///
    /// # Errors
    /// Where the picture can't be written.
    pub fn add(&mut self, drawn: &Drawn) -> Result<(), PdfError> {
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&drawn.picture).map_err(fault)?;
        let (across, down) = drawn.picture.dimensions();
        let (width, height) = drawn.size;
        let dict = format!(
            "/Type /XObject /Subtype /Image /Width {across} /Height {down} /ColorSpace /DeviceRGB \
             /BitsPerComponent 8 /Filter /DCTDecode"
        );
        let picture = self.stream(&dict, &jpeg)?;
        let content =
            self.stream("", format!("q {width:.2} 0 0 {height:.2} 0 0 cm /Page Do Q\n").as_bytes())?;
        let page = format!(
            "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {width:.2} {height:.2}] \
             /Resources << /XObject << /Page {picture} 0 R >> >> /Contents {content} 0 R >>"
        );
        let number = self.begin()?;
        self.end(number, page.as_bytes())
    }

    /// What is still to be taken, with the end of the file.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn finish(mut self) -> Result<Vec<u8>, PdfError> {
        let count = self.places.len() / OF_A_PAGE;
        let kids: String = (1..=count).map(|n| format!("{} 0 R ", PAGES + n * OF_A_PAGE)).collect();
        let catalog = self.size();
        self.end(CATALOG, format!("<< /Type /Catalog /Pages {PAGES} 0 R >>").as_bytes())?;
        let pages = self.size();
        self.end(PAGES, format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>").as_bytes())?;
        let table = self.size();
        let objects = PAGES + self.places.len() + 1;
        writeln!(self.written, "xref\n0 {objects}\n0000000000 65535 f ").map_err(fault)?;
        for place in [catalog, pages].iter().chain(&self.places) {
            writeln!(self.written, "{place:010} 00000 n ").map_err(fault)?;
        }
        writeln!(
            self.written,
            "trailer\n<< /Size {objects} /Root {CATALOG} 0 R >>\nstartxref\n{table}\n%%EOF"
        )
        .map_err(fault)?;
        Ok(self.written)
    }

    /// Begins the next object of a page; gives its number.
    fn begin(&mut self) -> Result<usize, PdfError> {
        let place = self.size();
        // The table of places has ten digits for each.
        if place > 9_999_999_999 {
            return Err(fault("it is too long"));
        }
        self.places.push(place);
        Ok(PAGES + self.places.len())
    }

    fn end(&mut self, number: usize, content: &[u8]) -> Result<(), PdfError> {
        writeln!(self.written, "{number} 0 obj").map_err(fault)?;
        self.written.extend_from_slice(content);
        self.written.extend_from_slice(b"\nendobj\n");
        Ok(())
    }

    /// Adds bytes with what is said of them; gives the number of the object.
    fn stream(&mut self, dict: &str, bytes: &[u8]) -> Result<usize, PdfError> {
        let number = self.begin()?;
        writeln!(self.written, "{number} 0 obj\n<< {dict} /Length {} >>\nstream", bytes.len())
            .map_err(fault)?;
        self.written.extend_from_slice(bytes);
        self.written.extend_from_slice(b"\nendstream\nendobj\n");
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;
    use lopdf::Document;

    use super::super::raster::Scan;
    use super::*;

    fn drawn(colour: [u8; 3]) -> Drawn {
        Drawn { picture: RgbImage::from_pixel(90, 60, image::Rgb(colour)), size: (45.0, 30.0) }
    }

    #[test]
    fn what_is_made_of_pictures_is_drawn_as_they_are_and_holds_nothing_else() {
        let mut pictures = Pictures::default();
        for colour in [[200, 30, 30], [0, 0, 0]] {
            pictures.add(&drawn(colour)).expect("a page");
        }
        assert!(pictures.size() > 0);
        let bytes = pictures.finish().expect("a PDF");
        let doc = Document::load_mem(&bytes).expect("a PDF");
        assert_eq!(doc.get_pages().len(), 2);
        for name in [&b"Info"[..], b"Metadata", b"Annots", b"Names", b"Font"] {
            assert!(!bytes.windows(name.len()).any(|part| part == name), "{}", String::from_utf8_lossy(name));
        }
        let scan = Scan::open(bytes).expect("a PDF");
        assert_eq!(scan.pages(), 2);
        let page = scan.draw(0, 144.0).expect("a page");
        assert_eq!((page.picture.dimensions(), page.size), ((90, 60), (45.0, 30.0)));
        let point = page.picture.get_pixel(45, 30).0;
        let is_near = |at: usize, wanted: u8| point[at].abs_diff(wanted) < 8;
        assert!(is_near(0, 200) && is_near(1, 30) && is_near(2, 30), "{point:?}");
        assert!(!scan.is_partial());
        assert!(scan.draw(2, 144.0).is_err());
    }

    #[test]
    fn what_is_taken_page_by_page_is_the_same_file() {
        let (mut whole, mut parted, mut taken) = (Pictures::default(), Pictures::default(), Vec::new());
        for n in 0..5 {
            let page = drawn([n * 40, 10, 10]);
            whole.add(&page).expect("a page");
            parted.add(&page).expect("a page");
            taken.extend(parted.take());
            assert_eq!(parted.size(), taken.len());
        }
        taken.extend(parted.finish().expect("its end"));
        assert_eq!(taken, whole.finish().expect("a PDF"));
        assert_eq!(Scan::open(taken).expect("a PDF").pages(), 5);
    }
}
