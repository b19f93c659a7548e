//! Files that come in parts and go on after a line, a tab or a server was lost: the protocol tus 1.0.0 at
//! `/api/v1/uploads`. What has arrived lies in the vault in pieces, each an object under a key of its own, and is told to
//! be here only then. When all of it is here it is put together (`assemble`) and registered as any other file is; until
//! then it is nobody's evidence, but its sender's own, and in no list but theirs. An upload that nobody goes on with ends.
//!
//! A request holds its upload while it brings bytes (`hold`); whatever it is told about what is here is a condition of
//! the statement that writes it, so that no server and no second request gets in between.
//!
//! Tables: `upload`, `upload_piece`.

mod actions;
pub mod api;
mod assemble;
mod checksum;
mod hold;
mod intake;
pub mod model;
mod protocol;
mod receive;
mod shapes;
mod stop;
pub mod store;
mod taken;

pub use actions::expire;
pub use shapes::mark_of;
pub use taken::{describe, header, taken};

use crate::platform::{jobs::Handlers, services::Services};

/// Whether HEAD of this address is answered by a handler of its own: how far an upload is.
pub fn answers_head(path: &str) -> bool {
    path.starts_with("/api/v1/uploads/")
}

/// The jobs of this slice.
pub fn handlers(services: &Services, handlers: &mut Handlers) {
    handlers.add_long(actions::ASSEMBLE, assemble::assembling(services));
    handlers.add_long(actions::CLEAR, assemble::clearing(services));
}
