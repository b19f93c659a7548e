//! What the facts of a package have to be. Pure.

use super::{
    bag,
    facts::{Item, LeadFacts, SCHEMA_1},
    names,
    package::{MOST_ITEMS, MOST_WITHHELD},
};

/// What must hold of the facts of every package, also of one that comes from elsewhere.
///
/// # Errors
/// What does not hold.
pub fn check(facts: &LeadFacts) -> Result<(), &'static str> {
    let numbers = facts.items.iter().map(|i| i.number).chain(facts.withheld.iter().map(|w| w.number));
    let mut numbers: Vec<u32> = numbers.collect();
    if numbers.len() > MOST_ITEMS || facts.withheld.len() > MOST_WITHHELD {
        return Err("too many items");
    }
    numbers.sort_unstable();
    if numbers.first() == Some(&0) || numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err("item numbers are not distinct");
    }
    if !facts.items.is_sorted_by_key(|i| i.number) || !facts.withheld.is_sorted_by_key(|w| w.number) {
        return Err("items are not in order");
    }
    if facts.items.iter().any(|item| item.path != names::evidence_path(item.number, &item.name)) {
        return Err("an item has another path than its name gives");
    }
    // Its list would not show them.
    let says_more = |i: &Item| [&i.quantity, &i.remark, &i.witness].iter().any(|text| !text.is_empty());
    if facts.schema == SCHEMA_1 && facts.items.iter().any(says_more) {
        return Err("an item says more than the first form has a place for");
    }
    let rows = facts.sales.as_ref().and_then(|sales| sales.rows_file.as_deref());
    if rows.is_some_and(|path| path != bag::SALES_ROWS) {
        return Err("the rows of the sales records have another path");
    }
    if facts.folder != names::folder(&facts.number, facts.version, &facts.addressee.code) {
        return Err("the folder is not that of lead, version and addressee");
    }
    let earlier = || facts.items.iter().flat_map(|item| &item.earlier_commitments);
    if earlier().any(|earlier| earlier.version >= facts.version) {
        return Err("an earlier commitment is not of an earlier version");
    }
    let hashes = facts.items.iter().flat_map(|item| [&item.sha256, &item.sm3]);
    let hashes = hashes.chain(earlier().flat_map(|earlier| [&earlier.commitment, &earlier.salt]));
    if hashes.chain(facts.withheld.iter().map(|w| &w.commitment)).any(|hash| !is_hash(hash)) {
        return Err("a hash is malformed");
    }
    Ok(())
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::casework::dossier::{facts::Sales, sample};

    #[test]
    fn the_first_form_says_no_more_than_its_list_shows() {
        let mut facts = sample::facts();
        facts.items[1].quantity = "3 张".to_owned();
        assert_eq!(check(&facts), Ok(()));
        facts.schema = SCHEMA_1.to_owned();
        assert!(check(&facts).is_err());
        facts.items[1].quantity.clear();
        assert_eq!(check(&facts), Ok(()));
    }

    #[test]
    fn the_rows_of_sales_records_have_one_path_or_none() {
        let mut facts = sample::facts();
        for (path, holds) in [(None, true), (Some(bag::SALES_ROWS), true), (Some("data/lead.json"), false)] {
            let rows_file = path.map(str::to_owned);
            facts.sales = Some(Sales { rows_file, ..Sales::default() });
            assert_eq!(check(&facts).is_ok(), holds, "{path:?}");
        }
    }
}
