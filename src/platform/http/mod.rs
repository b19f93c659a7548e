//! What every page and every reply shares.

pub mod access_log;
pub mod assets;

pub mod body;
pub mod bytes;
pub mod components;
pub mod confirm;
pub mod described;
pub mod field_name;
mod filter;
pub mod form;
pub mod form_view;
pub mod layout;
pub mod link;
pub mod paging;
pub mod peer;
pub mod posted;
pub mod reply;
pub mod shield;
pub mod view;

pub use form::Form;
pub use reply::{Failure, html, invalid, see_other};
