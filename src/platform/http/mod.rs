//! What every page and every reply shares.

pub mod access_log;
pub mod assets;

pub mod body;
pub mod bytes;
pub mod components;
pub mod confirm;
pub mod contract;
pub mod csv_file;
pub mod described;
mod fault_order;
pub mod field_name;
pub mod file_name;
mod filter;
pub mod form;
pub mod form_view;
pub mod head;
pub mod keeping;
pub mod layout;
pub mod link;
pub mod list_head;
pub mod merge;
pub mod paging;
pub mod peer;
pub mod pick;
pub mod posted;
pub mod read_back;
pub mod reader;
pub mod reference;
pub mod reply;
pub mod sections;
pub mod selection;
pub mod shield;
pub mod sorting;
pub mod steps_back;
pub mod told;
pub mod view;
mod ways_back;

pub use form::Form;
pub use reply::{Failure, html, invalid, see_other, unkept_json};
