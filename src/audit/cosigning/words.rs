//! How witnesses stand, in words.

use super::Standing;
use crate::{
    audit::Watched,
    platform::{
        i18n::{Lang, t, t_count, t_with},
        money::grouped,
        time::{Tz, format_exact},
    },
};

impl Standing {
    /// What it has cosigned, and what is wrong.
    pub fn in_words(&self, lang: Lang, zone: Tz) -> String {
        let cosigned = match self.cosigned {
            None => t(lang, "witness-cosigned-none"),
            Some((size, at)) => {
                let size = grouped(size.unsigned_abs());
                t_with(lang, "witness-cosigned", &[("size", size), ("at", format_exact(at, zone))])
            }
        };
        let mut said = vec![cosigned];
        if let Some(code) = &self.fault {
            let size = self.said_size.map_or_else(String::new, |size| grouped(size.unsigned_abs()));
            said.push(t_with(lang, &format!("witness-fault-{code}"), &[("size", size)]));
        }
        if self.failures > 0 {
            said.push(t_count(lang, "witness-away", self.failures.unsigned_abs()));
        }
        said.join(&lang.semicolon())
    }
}

impl Watched {
    /// What was cosigned of it, and what was not.
    pub fn in_words(&self, lang: Lang, zone: Tz) -> String {
        let size = grouped(self.size.unsigned_abs());
        let at = format_exact(self.cosigned_at, zone);
        let mut said = vec![t_with(lang, "witness-cosigned", &[("size", size), ("at", at)])];
        if let (Some(code), Some(at)) = (&self.refused, self.refused_at) {
            let at = format_exact(at, zone);
            said.push(t_with(lang, &format!("witness-refused-{code}"), &[("at", at)]));
        }
        said.join(&lang.semicolon())
    }
}
