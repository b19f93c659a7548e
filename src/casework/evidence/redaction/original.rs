//! The item that another one is made of, and what that one is called after it.

use super::{file, model::Material};
use crate::{
    casework::{
        evidence::{
            actions::ALARM,
            scrub::open_among,
            store::{self as items, Item},
        },
        lead::{self, model::Lead},
    },
    directory::people::Compiler,
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
    },
};

/// An item that another one may be made of, and what it is to the program.
pub(super) struct Found {
    pub item: Item,
    pub lead: Lead,
    pub material: Material,
}

/// The item, if `me` may make another one of it.
///
/// # Errors
/// `NotFound`; `Conflict` where the lead is not the actor's or no draft, the bytes are not as they were stored, or there is no
/// redacting such a file.
pub(super) fn find(conn: &mut Connection, me: &Compiler, id: Id) -> Result<Found> {
    let item = items::find(conn, id)?;
    let lead = lead::store::find_visible(conn, me, item.lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    if item.removed_at.is_some() || item.blob.erased_at.is_some() {
        return Err(AppError::NotFound);
    }
    if !open_among(conn, &[item.blob_id])?.is_empty() {
        return Err(AppError::Conflict(ALARM));
    }
    let material =
        Material::of(&item.blob.media_type).ok_or(AppError::Conflict("conflict-redaction-material"))?;
    Ok(Found { item, lead, material })
}

/// What the new item is called: as it is asked to be, else after the original; with the ending of what it is.
pub(super) fn name_of(asked: &str, original: &str, ending: &str) -> String {
    let dotted = format!(".{ending}");
    match file::without_list_ending(asked, ending) {
        "" => format!("{}-遮蔽{dotted}", file::stem(original)),
        name if name.to_ascii_lowercase().ends_with(&dotted) => name.to_owned(),
        name => format!("{name}{dotted}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_item_is_called_after_its_original_and_by_what_it_is() {
        assert_eq!(name_of("", "截图.jpg", "png"), "截图-遮蔽.png");
        assert_eq!(name_of("", "记录", "txt"), "记录-遮蔽.txt");
        assert_eq!(name_of("给经侦的截图", "截图.jpg", "png"), "给经侦的截图.png");
        assert_eq!(name_of("甲.PNG", "截图.jpg", "png"), "甲.PNG");
        // What sets the cells apart was chosen anew behind the name.
        assert_eq!(name_of("甲.tsv", "甲.tsv", "csv"), "甲.csv");
        assert_eq!(name_of("甲.CSV", "甲.csv", "tsv"), "甲.tsv");
        assert_eq!(name_of("甲.csv", "甲.csv", "csv"), "甲.csv");
        assert_eq!(name_of("甲.csv", "甲.png", "png"), "甲.csv.png");
    }
}
