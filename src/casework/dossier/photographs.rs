//! Photographs of a sealed medium that are not chosen with its item: the list says of the sealing what it says without them. Who
//! composes is told; it refuses nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{
    casework::evidence::sealing::store as sealing,
    platform::{
        db::{Connection, Id},
        error::Result,
        i18n::{self, Lang},
        numbers::format_numbers,
    },
};

/// By item the photographs of its sealed medium, with their numbers in the lead.
#[derive(Debug, Default)]
pub struct Photographs(HashMap<Id, Vec<(Id, i32)>>);

impl Photographs {
    /// Those of these items, by the records that the list tells.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(conn: &mut Connection, items: &[Id]) -> Result<Self> {
        let mut found: HashMap<Id, Vec<(Id, i32)>> = HashMap::new();
        for (item, records) in sealing::of_items(conn, items)? {
            let told = records.iter().filter(|record| !record.is_corrected && record.words.is_some());
            let photos = told.flat_map(|record| &record.photos);
            found.entry(item).or_default().extend(photos.map(|photo| (photo.id, photo.position)));
        }
        Ok(Self(found))
    }

    /// The numbers of those that a selection leaves out though it has the item.
    fn left_out(&self, chosen: &HashSet<Id>) -> BTreeSet<i32> {
        let told = self.0.iter().filter(|(item, _)| chosen.contains(*item)).flat_map(|(_, photos)| photos);
        told.filter(|(photo, _)| !chosen.contains(photo)).map(|(_, number)| *number).collect()
    }

    /// That a selection leaves some out, in words; empty: it leaves out none.
    pub fn warning(&self, chosen: &HashSet<Id>, lang: Lang) -> String {
        let numbers = self.left_out(chosen);
        if numbers.is_empty() {
            return String::new();
        }
        let numbers = format_numbers(&numbers).replace('、', &lang.comma());
        i18n::t_with(lang, "dossier-photographs-left-out", &[("numbers", numbers)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_photographs_of_what_is_chosen_are_missed() {
        let [phone, disk, first, second, third] = [(); 5].map(|()| Id::new());
        let known = [(phone, vec![(first, 3), (second, 4)]), (disk, vec![(third, 5)])];
        let known = Photographs(known.into_iter().collect());
        let left_out = |chosen: &[Id]| {
            let chosen = chosen.iter().copied().collect();
            known.left_out(&chosen).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(left_out(&[phone]), [3, 4]);
        assert_eq!(left_out(&[phone, second]), [3]);
        assert_eq!(left_out(&[phone, disk, first, second]), [5]);
        assert!(left_out(&[phone, first, second]).is_empty() && left_out(&[third]).is_empty());
        let chosen: HashSet<Id> = [phone, disk].into();
        assert!(
            known.warning(&chosen, Lang::Zh).contains("3-5")
                && known.warning(&HashSet::new(), Lang::En).is_empty()
        );
    }
}
