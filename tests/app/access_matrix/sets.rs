//! Who gets in, where several rows say the same.

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
pub const RECORDERS: Set = &[Owner, Other, Manager];
pub const OWN_RECORDERS: Set = &[Owner, Manager];
pub const SIDES: Set = &[Owner, Other, Manager, Liaison];
pub const AGENCY: Set = &[Liaison];
pub const LOG: Set = &[Auditor, Manager];
pub const ADMIN: Set = &[Admin];
