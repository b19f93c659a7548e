//! What every page and every reply shares.

pub mod components;
pub mod form_view;
pub mod layout;
pub mod link;
pub mod view;
