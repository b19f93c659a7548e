//! The sales records of a lead beside its estimated value.

use super::{model::May, read::Story};
use crate::{
    casework::evidence::sales::{
        model::Column,
        pages::{self, SumView},
    },
    platform::{
        http::{layout::Chrome, link::Query, view::Link},
        paths,
    },
};

/// What the page shows of them.
#[derive(Clone, Debug)]
pub struct SoldView {
    pub text: String,
    /// How the estimated value stands to the sum; empty: they agree.
    pub hint: String,
    /// Where the sum stands in the form of the lead; `None`: the reader doesn't change it, or it is the value.
    pub suggest: Option<Link>,
    /// The pages of the tables.
    pub tables: Vec<Link>,
    pub shops: Vec<SumView>,
    pub products: Vec<SumView>,
}

/// The view; `None` where no table is marked.
pub fn view(c: &Chrome, story: &Story, may: May) -> Option<SoldView> {
    let (records, lang) = (&story.sales, c.language);
    if records.totals.is_empty() {
        return None;
    }
    let whole = records.whole();
    let hint = match story.value.0.map(i128::from) {
        None => c.t("sales-hint-none"),
        Some(fen) if fen < whole.fen => c.t("sales-hint-lower"),
        Some(fen) if fen > whole.fen => c.t("sales-hint-higher"),
        Some(_) => String::new(),
    };
    let take = Query::new(&paths::lead_part(story.lead.id, "edit")).with("take", "sales");
    let suggest = may.change && !hint.is_empty();
    let table = |total: &crate::casework::evidence::sales::store::Total| {
        let named = story.sold.get(&total.evidence_id);
        let label = named.map_or_else(String::new, |(number, name)| format!("{number} {name}"));
        Link::new(label, pages::path(total.evidence_id))
    };
    Some(SoldView {
        text: pages::headline(&whole, records.totals.len(), lang),
        hint,
        suggest: suggest.then(|| Link::new(c.t("sales-suggest"), take.href())),
        tables: records.totals.iter().map(table).collect(),
        shops: pages::sums(records, Column::Shop, |part| &part.shop, "", lang),
        products: pages::sums(records, Column::Product, |part| &part.product, "", lang),
    })
}
