//! What the page of API tokens shows.

use askama::Template;

use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Chip, Choice, Link},
    },
};

/// One token in the list.
pub struct TokenLine {
    pub id: Id,
    pub name: String,
    pub scopes: String,
    pub created: String,
    pub expires: String,
    pub last_used: String,
    /// The address that it was last used from; empty: it was not.
    pub from: String,
    pub state: Chip,
}

/// The tokens of an account, and a new one.
#[derive(Template)]
#[template(path = "directory/people/tokens.html")]
pub struct TokensPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub scopes: Vec<Choice>,
    pub days: Vec<Choice>,
    pub tokens: Vec<TokenLine>,
    /// Why none can be made here; empty: one can.
    pub barred: String,
    /// The token just made, this once; empty: none.
    pub secret: String,
    pub wait: String,
    /// A call that a new token can be tried with.
    pub example: String,
}
