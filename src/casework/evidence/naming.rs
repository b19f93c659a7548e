//! Whether a file's name agrees with what is in it. Nothing is refused for that, as such a file may be the very evidence: whoever
//! registers it, and whoever reads it, is told.

use super::store::Item;
use crate::platform::i18n::{self, Lang};

/// What a content is, as far as names promise anything of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Text,
    Pdf,
    Picture,
    /// Film or sound: their containers are the same.
    Recording,
    /// Archives, and documents of office programs, which are archives too.
    Other,
    Unknown,
}

impl Content {
    fn of_type(media_type: &str) -> Self {
        match media_type {
            "application/json" => Self::Text,
            "application/pdf" => Self::Pdf,
            "application/octet-stream" => Self::Unknown,
            other => match other.split('/').next().unwrap_or_default() {
                "text" | "message" => Self::Text,
                "image" => Self::Picture,
                "video" | "audio" => Self::Recording,
                _ => Self::Other,
            },
        }
    }

    /// What an ending promises; `None`: nothing that we know.
    fn of_ending(ending: &str) -> Option<Self> {
        Some(match ending {
            "txt" | "csv" | "tsv" | "json" | "eml" | "log" | "md" | "htm" | "html" | "xml" | "svg" => {
                Self::Text
            }
            "pdf" => Self::Pdf,
            "png" | "jpg" | "jpeg" | "gif" | "webp" | "bmp" | "tif" | "tiff" | "heic" => Self::Picture,
            "mp4" | "m4v" | "mov" | "avi" | "mkv" | "webm" | "wmv" | "flv" => Self::Recording,
            "mp3" | "m4a" | "wav" | "flac" | "aac" | "amr" | "ogg" => Self::Recording,
            "doc" | "docx" | "xls" | "xlsx" | "ppt" | "pptx" | "zip" | "rar" | "7z" | "gz" | "tar" => {
                Self::Other
            }
            _ => return None,
        })
    }

    /// Whether a file that is this is what its ending promises. What is not known by its beginning may be almost anything, but
    /// no PDF and no picture.
    fn keeps(self, promised: Self) -> bool {
        self == promised || (self == Self::Unknown && !matches!(promised, Self::Pdf | Self::Picture))
    }

    fn key(self) -> &'static str {
        match self {
            Self::Text => "evidence-content-text",
            Self::Pdf => "evidence-content-pdf",
            Self::Picture => "evidence-content-picture",
            Self::Recording => "evidence-content-recording",
            Self::Other => "evidence-content-other",
            Self::Unknown => "evidence-content-unknown",
        }
    }
}

/// The ending of a name whose promise its content does not keep, and what the content is.
fn broken(name: &str, media_type: &str) -> Option<(String, Content)> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let (promised, found) = (Content::of_ending(&ending)?, Content::of_type(media_type));
    (!found.keeps(promised)).then_some((ending, found))
}

/// That an item's name and its content differ, in words; `None` where they agree, and for what is no file.
pub(super) fn differs(item: &Item, lang: Lang) -> Option<String> {
    if item.kind != "file" {
        return None;
    }
    let (ending, found) = broken(&item.name, &item.blob.media_type)?;
    Some(i18n::t_with(
        lang,
        "evidence-name-differs",
        &[("content", i18n::t(lang, found.key())), ("ending", ending)],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_contradicts_its_ending_is_told() {
        let found = |name, media_type| broken(name, media_type).map(|(_, found)| found);
        assert_eq!(broken("鉴定.PDF", "text/plain"), Some(("pdf".into(), Content::Text)));
        assert_eq!(found("a.jpg", "application/pdf"), Some(Content::Pdf));
        assert_eq!(found("a.docx", "text/plain"), Some(Content::Text));
        assert_eq!(found("a.txt", "application/zip"), Some(Content::Other));
        assert_eq!(found("a.png", "application/octet-stream"), Some(Content::Unknown));
        for (name, media_type) in [
            ("a.pdf", "application/pdf"),
            ("a.jpg", "image/png"),
            ("a.m4a", "video/mp4"),
            ("a.html", "text/plain"),
            ("a.json", "application/json"),
            ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("a.mp3", "application/octet-stream"),
            ("a.dat", "text/plain"),
            ("pdf", "text/plain"),
        ] {
            assert_eq!(found(name, media_type), None, "{name} {media_type}");
        }
    }
}
