//! Related leads in words.

use super::{
    super::pages::state_chip,
    model::{Related, Why},
};
use crate::platform::{
    http::{
        layout::Chrome,
        view::{Chip, Tone},
    },
    paths,
};

/// One lead, with what it has in common with the one that is looked at.
#[derive(Clone, Debug, Default)]
pub struct RelatedView {
    pub label: String,
    pub href: String,
    pub chips: Vec<Chip>,
    /// Each thing in common, in words.
    pub reasons: Vec<String>,
}

impl RelatedView {
    /// `is_likely`: whether it is likely the same matter.
    pub fn new(c: &Chrome, one: &Related, is_likely: bool) -> Self {
        let mut chips = vec![state_chip(c.language, one.state)];
        if one.is_distinct {
            chips.push(Chip::new(c.t("related-distinct"), Tone::Muted));
        } else if is_likely {
            chips.push(Chip::new(c.t("related-likely"), Tone::Warn));
        }
        if one.synthetic {
            chips.push(Chip::new(c.t("synthetic"), Tone::Muted));
        }
        let mut reasons = Vec::new();
        for &why in Why::ALL {
            let named: Vec<&str> = one
                .reasons
                .iter()
                .filter(|reason| reason.why == why)
                .map(|reason| reason.label.as_str())
                .collect();
            if !named.is_empty() {
                let names = named.join(&c.language.comma());
                reasons.push(c.tv(&format!("related-{why}"), "names", names));
            }
        }
        Self { label: format!("{} {}", one.number, one.title), href: paths::lead(one.id), chips, reasons }
    }
}
