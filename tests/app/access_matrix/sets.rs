//! Who gets in, and with what, where several rows say the same.

use super::row::{
    Set,
    Who::{self, Admin, Approver, Auditor, Elsewhere, Liaison, Manager, Other, Owner},
};

pub const NOBODY: Set = &[];
pub const SIGNED: Set = &Who::ALL;
pub const STAFF: Set = &[Owner, Other, Approver, Manager, Admin, Auditor];
pub const READERS: Set = &[Owner, Other, Approver, Manager, Auditor];
pub const BOTH: Set = &[Owner, Other, Approver, Manager, Auditor, Liaison];
pub const LISTS: Set = &[Owner, Other, Approver, Manager, Auditor, Liaison, Elsewhere];
pub const OWNER: Set = &[Owner];
pub const OTHER: Set = &[Other];
pub const COMPILERS: Set = &[Owner, Other];
pub const COMMENTERS: Set = &[Owner, Other, Approver, Manager];
pub const OTHERS: Set = &[Other, Approver, Manager];
pub const RECORDERS: Set = &[Owner, Other, Manager];
pub const OWN_RECORDERS: Set = &[Owner, Manager];
pub const SIDES: Set = &[Owner, Other, Manager, Liaison];
pub const AGENCY: Set = &[Liaison];
pub const LOG: Set = &[Auditor, Manager];
pub const ADMIN: Set = &[Admin];
pub const ANSWERING: Set = &[Approver, Manager];
pub const KEEPERS: Set = &[Approver, Manager, Admin];

/// A note as evidence.
pub const NOTE: &str =
    "kind=note&name=x&text=x&source=x&collected_by=x&collected_at=2016-05-04T09:30&method=x";
/// What the platform records from an agency's paper, for every verb.
pub const PAPER: &str = "on_day={today}&code=RF-OTHER&text=x&number=1&filed_on={today}";
pub const WAIVED: &str = "/transfers/{id}/{step:remedy-waived|remedy-review-waived}";
