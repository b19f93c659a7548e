//! How each list reads its address, for what is saved of it (`people/view`).

use actix_web::web::Data;

use crate::{
    casework::{approval, dossier, lead},
    directory::{
        agencies,
        people::{
            Actor, admin,
            view::{Faults, List, Lists, Reads},
        },
    },
    handover::desk,
    outcome,
    platform::services::Services,
    reporting::audit_log,
};

macro_rules! reads {
    ($($name:ident: $faults:path;)*) => {
        $(fn $name(services: Data<Services>, me: Actor, asked: String) -> Faults {
            Box::pin(async move { $faults(&services, &me, &asked).await })
        })*
    };
}

reads! {
    leads: lead::list::faults;
    dossiers: dossier::list_faults;
    approvals: approval::list_faults;
    transfers: desk::transfer_faults;
    cases: desk::case_faults;
    outcomes: outcome::list_faults;
    agencies_listed: agencies::list_faults;
    people: admin::list_faults;
    log: audit_log::list_faults;
}

const READ: [(List, Reads); 9] = [
    (List::Leads, leads),
    (List::Dossiers, dossiers),
    (List::Approvals, approvals),
    (List::Transfers, transfers),
    (List::Cases, cases),
    (List::Outcomes, outcomes),
    (List::Agencies, agencies_listed),
    (List::People, people),
    (List::Audit, log),
];

/// Every list that filters are saved of.
pub fn lists() -> Lists {
    Lists(&READ)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_that_filters_are_saved_of_says_how_it_reads() {
        for list in List::ALL {
            assert!(READ.iter().any(|(known, _)| known == list), "{list}");
        }
    }
}
