//! Redacted copies of long PDFs. What is asked for is a row; a job draws the pages some at a time, each within the bounds of a
//! process of its own, streams the new file into the vault and registers it in the name of whoever asked, if they still may. How
//! it ended is a row too, of which there is one at most: a job that runs once more makes no second item.
//!
//! Tables: `redaction_request`, `redaction_request_text`, `redaction_request_end`.

mod actions;
mod draw;
mod store;
mod view;
mod work;

pub use view::RequestView;

pub(super) use actions::{Asked, ask};
pub(in crate::casework::evidence) use store::{Standing, standing};

use crate::platform::{jobs::Handlers, services::Services};

/// The jobs of this slice.
pub fn handlers(services: &Services, handlers: &mut Handlers) {
    for kind in [work::JOB, work::SPANS] {
        handlers.add_alone(kind, work::handler(services));
        handlers.when_given_up(kind, work::given_up);
    }
}
