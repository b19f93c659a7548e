//! What pages show of a redacted copy that is being made, or that could not be made.

use chrono_tz::Tz;

use super::store::Standing;
use crate::platform::{db::Id, http::layout::Chrome, time};

/// How far it is, or why it was not made.
#[derive(Clone, Debug)]
pub struct RequestView {
    /// What is wrong and what to do; empty: it is being made.
    pub fault: String,
    pub text: String,
    pub done: i64,
    pub total: i64,
}

impl RequestView {
    /// `None` where there is nothing to tell: the copy is there, or another one was made after this was asked for.
    pub fn new(c: &Chrome, standing: &Standing, newest: Option<Id>, zone: Tz) -> Option<Self> {
        let Standing { request, end, job } = standing;
        let total = i64::from(request.pages);
        let when = |at| time::format_instant(at, zone, c.language);
        let Some(end) = end else {
            let done = job.as_ref().map_or(0, |job| job.progress_done.clamp(0, total));
            let text = c.tv("redaction-request-runs", "time", when(request.at));
            return Some(Self { fault: String::new(), text, done, total });
        };
        let fault = end.fault.as_ref().filter(|_| newest.is_none_or(|newest| newest < request.id))?;
        let text = c.tv("redaction-request-failed", "time", when(end.at));
        Some(Self { fault: c.t(fault), text, done: 0, total })
    }
}
