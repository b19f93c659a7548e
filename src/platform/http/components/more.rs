//! Sample data for what several pages share and few show at a time: pickers, forms that are kept and merged, and what stands
//! above the rows of lists. Made up, as all of it.

use crate::platform::{
    db::Id,
    error::FieldError,
    http::{
        form_view::FormView,
        keeping::Keeping,
        layout::Chrome,
        link::Query,
        list_head::{COUNTED, Column, Columns, Counts, ListHead, Saved, StateTab, state_tabs},
        merge::{Change, Merging, Open, Settled},
        sections::Part,
        selection::{self, Picked, Picking, QueueView},
        view::{Link, Pager, SortHead},
    },
};

/// The parts of the sample form.
pub(super) const PARTS: [Part; 2] = [
    Part { id: "sample-what", label: "title", need: &["title"], more: &["remark"] },
    Part { id: "sample-where", label: "region", need: &["region"], more: &["value"] },
];

const COLUMNS: [Column; 3] =
    [Column::usual("title", "title"), Column::usual("state", "state"), Column::more("region", "region")];

/// A row that can be ticked.
pub(super) struct Tick {
    pub pick: String,
    pub number: &'static str,
}

/// What the page shows of these.
pub(super) struct More {
    /// In parts, with a picker that offers and an amount that is said back.
    pub form: FormView,
    /// Filled from what was kept.
    pub kept: FormView,
    /// Saved second.
    pub merged: FormView,
    pub states: Vec<StateTab>,
    pub address: Vec<(String, String)>,
    pub head: ListHead,
    /// What stands above rows that are no table, of somebody who has saved no filter.
    pub plain: ListHead,
    /// A column by which rows are sorted.
    pub sorted: SortHead,
    /// The field of a filter that suggests.
    pub sought: FormView,
    pub ticks: Vec<Tick>,
    pub picking: Picking,
    pub queue: QueueView,
}

fn kept() -> FormView {
    let mut keeping = Keeping::new(Id::new(), "/admin/components".to_owned());
    keeping.at = "2016-05-04 09:12".to_owned();
    keeping.more = 1;
    keeping.blank = "/admin/components?unsent=none".to_owned();
    FormView::new("").with_ids("kept-").typed([("remark", "一层，夜间发货")]).with_keeping(keeping)
}

fn merged(c: &Chrome) -> FormView {
    let merging = Merging {
        changes: vec![Change {
            time: "2016-05-04 09:12".to_owned(),
            who: c.t("person"),
            fields: c.t("title"),
        }],
        settled: vec![Settled { label: c.t("remark"), mine: true, text: "一层，夜间发货".to_owned() }],
        open: vec![Open {
            name: "title".to_owned(),
            label: c.t("title"),
            theirs: "疑似假冒手表".to_owned(),
            mine: "疑似假冒手表（两处仓库）".to_owned(),
            both: String::new(),
            inputs: "title".to_owned(),
            hidden: vec![("theirs.title".to_owned(), "疑似假冒手表".to_owned())],
            pick: "pick.title".to_owned(),
            is_mine: false,
            is_torn: false,
        }],
    };
    let unchosen = FieldError::new("pick.title", "error-choose");
    FormView::new("").with_ids("merged-").with_merging(merging).with_errors([unchosen])
}

impl More {
    /// `list`: the address of the sample list.
    pub fn new(c: &Chrome, list: &Query, pager: &Pager) -> Self {
        let offered = FieldError::new("region", "pick-choose")
            .arg("picks", "440100\t广东省广州市\n440111\t广东省广州市白云区");
        let form = FormView::new("")
            .with_ids("more-")
            .typed([("title", "疑似假冒手表"), ("region", "guangzhou"), ("value", "约128.5万元")])
            .with_errors([offered]);
        let ids = [Id::new(), Id::new(), Id::new()];
        let numbers = ["XS-2016-000042", "XS-2016-000041", "XS-2016-000038"];
        let tick = |(id, number): (&Id, &'static str)| Tick { pick: selection::word(*id), number };
        let told = vec![("draft".to_owned(), 12), ("sent".to_owned(), 1_000)];
        let counts = Counts::new(told, COUNTED.unsigned_abs());
        let states = [("draft", c.t("step-name-draft")), ("sent", c.t("step-name-sent"))];
        let view = |key: &str, current| Link::new(c.t(key), "#lists").current(current);
        let saved = Saved {
            views: vec![view("overdue", true), view("step-name-draft", false)],
            save: "#lists".to_owned(),
            manage: "#lists".to_owned(),
        };
        Self {
            form,
            kept: kept(),
            merged: merged(c),
            states: state_tabs(list, "state", c.t("all"), states, (Some(&counts), "")),
            address: list.kept(&["sort"]),
            plain: ListHead::default(),
            head: ListHead { saved, columns: Columns::read(&list.with("col", "title"), &COLUMNS) },
            sorted: SortHead::new(c.t("number"), "number", list),
            sought: FormView::new("").with_ids("sought-"),
            ticks: ids.iter().zip(numbers).map(tick).collect(),
            picking: Picking::new(list, &Picked::these(ids[..2].to_vec()), &ids[1..], pager),
            queue: QueueView {
                word: selection::word(ids[1]),
                told: "2 / 3".to_owned(),
                previous: "#lists".to_owned(),
                next: "#lists".to_owned(),
                list: "#lists".to_owned(),
            },
        }
    }
}
