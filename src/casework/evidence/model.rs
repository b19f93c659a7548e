//! What is recorded of an item, and what makes it acceptable.

use chrono_tz::Tz;

use crate::{
    directory::reference::categories,
    platform::{db::Instant, http::Form, time},
};

/// Longest file name kept, in characters.
const LONGEST_NAME: usize = 200;
/// The longest ending that a long name keeps, in characters with its dot.
const LONGEST_ENDING: usize = 16;

/// What a file without a name is called. The name is kept once and read in both languages.
const UNNAMED: &str = "未命名文件（unnamed file）";

/// What sort of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    /// A note by the compiler.
    Note,
    /// A fact read off a system and recorded.
    Fact,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::File, Kind::Note, Kind::Fact];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Note => "note",
            Kind::Fact => "fact",
        }
    }
}

/// What is said of the items of one upload: the columns of the statutory list (法发〔2016〕22号 art. 14).
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// Code of the statutory category; empty: by the media type.
    pub category: String,
    pub description: String,
    /// System, URL or account that it comes from.
    pub source: String,
    pub collected_by: String,
    pub collected_at: Option<Instant>,
    /// How, with the tool.
    pub method: String,
    pub tool: String,
    /// Original medium and where it is kept.
    pub medium: String,
    /// Holder or provider (持有人/提供人).
    pub holder: String,
    /// How many pieces or records (数量/记录数), with their unit.
    pub quantity: String,
    /// Why the original medium is not handed over, what was added or changed, and the like (备注).
    pub remark: String,
    /// Who witnessed that it was collected (见证人).
    pub witness: String,
    pub withheld: bool,
    pub withheld_reason: String,
}

impl Details {
    /// Reads the fields of a form; faults are noted in it. `now` bounds the time of collection.
    pub fn read(form: &mut Form, zone: Tz, now: Instant) -> Self {
        let category = form.text("category", 40);
        if !category.is_empty() && categories().get(&category).is_none() {
            form.fault("category", "error-unknown");
        }
        let collected_at = read_instant(form, "collected_at", zone);
        if collected_at.is_some_and(|at| at > now.plus_seconds(300)) {
            form.fault("collected_at", "error-date-future");
        }
        // Whoever says no must not be taken for somebody who said something.
        let said = form.asked("withheld", |raw| match raw {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => None,
        });
        let withheld = said.unwrap_or(false);
        let withheld_reason = form.text("withheld_reason", 500);
        if withheld && withheld_reason.is_empty() {
            form.fault("withheld_reason", "error-required");
        }
        // Whoever says why it is kept back means that it is; a box that was forgotten must not disclose it.
        let is_unread = form.errors().iter().any(|fault| fault.field == "withheld");
        if !withheld && !withheld_reason.is_empty() && !is_unread {
            form.fault("withheld", "error-withheld-unticked");
        }
        Self {
            category,
            description: form.text("description", 4_000),
            source: form.required("source", LONGEST_SOURCE),
            collected_by: form.required("collected_by", 200),
            collected_at,
            method: form.required("method", 1_000),
            tool: form.text("tool", 200),
            medium: form.text("medium", 500),
            holder: form.text("holder", 200),
            quantity: form.text("quantity", LONGEST_QUANTITY),
            remark: form.text("remark", LONGEST_REMARK),
            witness: form.text("witness", LONGEST_WITNESS),
            withheld,
            withheld_reason,
        }
    }
}

/// A date, a local time as `<input type=datetime-local>` sends it, or RFC 3339.
pub(super) fn read_instant(form: &mut Form, name: &str, zone: Tz) -> Option<Instant> {
    let raw = form.raw(name).to_owned();
    if raw.is_empty() {
        form.fault(name, "error-required");
        return None;
    }
    time::parse_instant(&raw, zone).map_err(|error| form.push(error.time_fault(name))).ok()
}

/// What a source holds at most, in characters.
pub const LONGEST_SOURCE: usize = 1_000;
/// What is said of how many pieces or records there are, at most, in characters.
pub const LONGEST_QUANTITY: usize = 100;
/// A remark at most, in characters.
pub const LONGEST_REMARK: usize = 1_000;
/// The names of those who witnessed, at most, in characters.
pub const LONGEST_WITNESS: usize = 200;
/// What stands between a source and a place.
const JOINT: &str = " · ";

/// Characters that hide, or that turn the reading direction.
fn steers(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A source with the place that the file had in the folder it was chosen with, `path`: so much of its end as there is
/// room for. Of a file that lay in no folder nothing is to be said.
pub fn source_with_place(source: &str, path: &str) -> String {
    let path: String = path.chars().filter(|ch| !steers(*ch) && *ch != '\u{FFFD}').collect();
    let path = path.trim().trim_matches('/');
    let length = path.chars().count();
    let room = LONGEST_SOURCE.saturating_sub(source.chars().count() + JOINT.chars().count());
    if source.is_empty() || !path.contains('/') || room == 0 {
        source.to_owned()
    } else if length <= room {
        format!("{source}{JOINT}{path}")
    } else {
        let end: String = path.chars().skip(length + 1 - room).collect();
        format!("{source}{JOINT}…{end}")
    }
}

/// A file's name as it is kept: the last part of a path, without characters that hide or steer. One of marks only, or of
/// nothing but an ending, says that the file came without a name; the ending tells what it is, and stays.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|ch| !steers(*ch)).collect();
    let kept = kept.trim();
    let is_ending = |ending: &str| {
        (1..LONGEST_ENDING).contains(&ending.len()) && ending.chars().all(|ch| ch.is_ascii_alphanumeric())
    };
    let (stem, ending) = match kept.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending) => (stem, ending),
        _ => (kept, ""),
    };
    if stem.chars().all(|ch| ch.is_ascii_punctuation() || ch.is_whitespace()) {
        let dot = if ending.is_empty() { "" } else { "." };
        return format!("{UNNAMED}{dot}{ending}");
    }
    shortened(kept.trim_matches('.').trim())
}

/// Of a long name so much as is kept: its ending tells what the file is, and stays.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let dotted = ending.chars().count() + 1;
    if ending.is_empty() || dotted > LONGEST_ENDING {
        return name.chars().take(LONGEST_NAME).collect();
    }
    let stem: String = name.chars().take(LONGEST_NAME - dotted).collect();
    format!("{}.{ending}", stem.trim_end())
}

/// The category that an item gets when none was chosen.
pub fn category_or_suggested(chosen: &str, media_type: &str) -> String {
    if !chosen.is_empty() {
        return chosen.to_owned();
    }
    categories().suggested(media_type).map_or_else(|| "electronic_data".into(), |c| c.code.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_keeps_its_chinese_and_loses_what_steers() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\证据\\截图 1.png"), "截图 1.png");
        assert_eq!(clean_name("a\u{202E}gnp.exe\0"), "agnp.exe");
        for marks in ["..", "...", "", " ", "---", "C:\\证据\\_"] {
            assert_eq!(clean_name(marks), UNNAMED, "{marks:?}");
        }
        assert_eq!(clean_name(".pdf"), format!("{UNNAMED}.pdf"));
        assert_eq!(clean_name("…/--.JPG"), format!("{UNNAMED}.JPG"));
        assert_eq!(clean_name("证据."), "证据");
        assert_eq!(clean_name(&clean_name(".pdf")), clean_name(".pdf"));
        let long = format!("{}.pdf", "证".repeat(300));
        assert_eq!(clean_name(&long), format!("{}.pdf", "证".repeat(196)));
        assert_eq!(clean_name(&"证".repeat(300)), "证".repeat(200));
    }

    #[test]
    fn a_source_says_where_in_its_folder_a_file_lay() {
        assert_eq!(source_with_place("后台导出", "取证/截图/1.png"), "后台导出 · 取证/截图/1.png");
        assert_eq!(source_with_place("后台导出", "/a\u{202E}/b\0.png"), "后台导出 · a/b.png");
        for alone in ["1.png", "", "/", "/1.png"] {
            assert_eq!(source_with_place("后台导出", alone), "后台导出", "{alone:?}");
        }
        assert_eq!(source_with_place("", "a/b"), "", "a source that is missing stays missing");
        let long = "源".repeat(990);
        assert_eq!(source_with_place(&long, "一二三四/五六七"), format!("{long} · …三四/五六七"));
        for most in [997, 998, 1_000, 1_001] {
            let full = "源".repeat(most);
            assert_eq!(source_with_place(&full, "a/b"), full);
        }
    }

    /// What a kept name must never hold.
    const HIDDEN: [char; 4] = ['/', '\\', '\0', '\u{202E}'];

    proptest! {
        #[test]
        fn no_name_ever_holds_a_path_or_a_control(name in "\\PC*|.*") {
            let kept = clean_name(&name);
            prop_assert!(!kept.is_empty() && kept.chars().count() <= LONGEST_NAME);
            prop_assert!(!kept.contains(HIDDEN));
            prop_assert!(kept != "." && kept != "..");
        }
    }
}
