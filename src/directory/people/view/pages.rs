//! What the pages of saved filters show.

use askama::Template;

use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Choice, Link},
    },
};

/// One saved filter.
pub struct ViewLine {
    pub id: Id,
    pub name: String,
    pub href: String,
    /// Who saved it, where that is somebody else; else empty.
    pub owner: String,
    pub is_own: bool,
    pub is_shared: bool,
    /// Whether the navigation opens it.
    pub is_usual: bool,
}

/// The filters of one list.
pub struct Group {
    pub title: String,
    pub lines: Vec<ViewLine>,
}

/// All that one sees.
#[derive(Template)]
#[template(path = "directory/people/views.html")]
pub struct ViewsPage {
    pub c: Chrome,
    pub groups: Vec<Group>,
}

/// Saving a filter, or changing what it is called and who sees it.
#[derive(Template)]
#[template(path = "directory/people/view_form.html")]
pub struct ViewPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub action: String,
    /// The lists to choose from; none: it is saved already.
    pub lists: Vec<Choice>,
    /// The list as it is narrowed by the filter; empty: by none.
    pub open: String,
    /// Where it is taken away; empty: it is not saved yet.
    pub remove: String,
    /// With whom it would be shared, in words.
    pub shared_with: String,
}
