//! Every state of every kind of thing as its pages show it, word and colour: for the page of components.

use crate::{
    casework::{
        dossier::model::State as Dossier,
        lead::{model::State as Lead, pages::state_chip},
    },
    handover::{agency_case::model::Status, transfer::model::State as Transfer},
    outcome::model::State as Outcome,
    platform::{
        http::{components::States, view::Chip},
        i18n::{self, Lang},
    },
};

/// The states by kind of thing, in the order of a lead's way.
pub fn all(lang: Lang) -> Vec<States> {
    let t = |key: &str| i18n::t(lang, key);
    let of = |key: &str, chips: Vec<Chip>| States { name: t(key), chips };
    let dossier = |state: &Dossier| Chip::new(t(&format!("dossier-state-{}", state.as_str())), state.tone());
    vec![
        of("nav-leads", Lead::ALL.iter().map(|state| state_chip(lang, *state)).collect()),
        of("nav-dossiers", Dossier::ALL.iter().map(dossier).collect()),
        of(
            "nav-transfers",
            Transfer::ALL.iter().map(|state| Chip::new(t(&state.key()), state.tone())).collect(),
        ),
        of("nav-cases", Status::ALL.iter().map(|state| Chip::new(t(&state.key()), state.tone())).collect()),
        of(
            "nav-outcomes",
            Outcome::ALL.iter().map(|state| Chip::new(t(&state.key()), state.tone(false))).collect(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_word_in_both_languages() {
        for lang in Lang::ALL {
            let all = all(lang);
            let chips: Vec<&Chip> = all.iter().flat_map(|states| &states.chips).collect();
            assert!(chips.len() > 30, "{}", chips.len());
            for chip in chips {
                assert!(
                    !chip.label.contains("-state-") && !chip.label.contains("-status-"),
                    "{}",
                    chip.label
                );
            }
        }
    }
}
