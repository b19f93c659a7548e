//! What pages show of comments: the page of them all, and the panel on the page of the lead.

use askama::Template;

use super::{
    model::{Colleague, require_takeable, unknown},
    store::{Comment, Read},
};
use crate::platform::{
    db::{Id, Instant},
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Choice, Link, Pager},
    },
    paths,
    time::{self, Tz},
};

/// Labels of the form's fields.
pub const LABELS: &str = "comment-field-";

/// One comment.
#[derive(Clone, Debug, Default)]
pub struct CommentView {
    /// Of the element.
    pub anchor: String,
    pub author: String,
    pub time: String,
    pub datetime: String,
    /// Its text; empty: it has none any more.
    pub body: String,
    /// What became of it; empty: nothing.
    pub remark: String,
    /// Names of those whom it calls, in one line; empty: nobody.
    pub called: String,
    /// Said to its author while it can be taken back: whom it calls in vain; empty: nobody.
    pub unknown: String,
    /// Where it is taken back; empty: not by the reader, or not any more.
    pub back: String,
    /// Where a correction is written; empty: not by the reader.
    pub correct: String,
}

/// The form of a comment.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    pub form: FormView,
    pub colleagues: Vec<Choice>,
    pub action: String,
    /// The comment that is corrected; empty: none.
    pub corrects: String,
}

/// When, where and by whom comments are read.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    pub me: Id,
    pub now: Instant,
    pub zone: Tz,
}

/// The comments that were read, as they are shown. `may_write`: whether the reader may comment on this lead.
pub fn views(
    c: &Chrome,
    lead_id: Id,
    comments: &[Comment],
    read: &Read,
    by: (Reader, bool),
) -> Vec<CommentView> {
    let (reader, may_write) = by;
    let name = |id: &Id| read.names.get(id).cloned().unwrap_or_default();
    let page = paths::lead_part(lead_id, "comments");
    let view = |one: &Comment| {
        let is_back = one.back_at.is_some();
        let is_own = may_write && one.author_id == reader.me;
        let takes_back =
            is_own && require_takeable(one.author_id, one.at, is_back, reader.me, reader.now).is_ok();
        let called: Vec<String> = read.called.get(&one.id).into_iter().flatten().map(name).collect();
        let corrected = read.corrected.contains(&one.id);
        let remark = match (one.back_at, &one.body) {
            (Some(at), _) => {
                c.tv("comment-taken-back", "when", time::format_instant(at, reader.zone, c.language))
            }
            (None, None) => c.t("comment-erased"),
            (None, Some(_)) if corrected => c.t("comment-corrected"),
            (None, Some(_)) if one.corrects_id.is_some() => c.t("comment-correction"),
            (None, Some(_)) => String::new(),
        };
        CommentView {
            anchor: format!("c-{}", one.id),
            author: name(&one.author_id),
            time: time::format_instant(one.at, reader.zone, c.language),
            datetime: one.at.to_string(),
            body: one.body.clone().filter(|_| !is_back).unwrap_or_default(),
            remark,
            called: called.join(&c.language.comma()),
            unknown: if takes_back && !corrected {
                unknown_in(c, one, &read.colleagues)
            } else {
                String::new()
            },
            back: if takes_back { format!("{page}/{}/take-back", one.id) } else { String::new() },
            correct: if is_own && !is_back {
                format!("{page}?corrects={}#write", one.id)
            } else {
                String::new()
            },
        }
    };
    comments.iter().map(view).collect()
}

/// What its author is told of a comment that calls somebody who is nobody, or who may not read leads; empty: nothing.
fn unknown_in(c: &Chrome, comment: &Comment, colleagues: &[Colleague]) -> String {
    let names = unknown(comment.body.as_deref().unwrap_or_default(), colleagues);
    let names: Vec<String> = names.iter().map(|name| format!("@{name}")).collect();
    if names.is_empty() {
        String::new()
    } else {
        c.tv("comment-unknown", "names", names.join(&c.language.comma()))
    }
}

/// The form, with everybody who can be called but the reader.
pub fn writing(lead_id: Id, read: &Read, me: Id, form: FormView) -> Writing {
    let others = read.colleagues.iter().filter(|one| one.id != me);
    Writing {
        form,
        colleagues: others.map(|one| Choice::new(one.id, &one.name).quoting(&one.username)).collect(),
        action: paths::lead_part(lead_id, "comments"),
        corrects: String::new(),
    }
}

/// `/leads/{id}/comments`
#[derive(Template)]
#[template(path = "casework/lead/comments.html")]
pub struct CommentsPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub comments: Vec<CommentView>,
    pub pager: Pager,
    pub writing: Option<Writing>,
    /// Where the reader says that they have read where they are called; empty: nobody called.
    pub seen: String,
}
