//! Which site a passkey is for.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A site as passkeys know it: one made for it signs for no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The RP ID: the name of its host.
    pub id: String,
    /// `https://desk.example`, with a port where it has one of its own.
    pub origin: String,
}

impl Site {
    /// The site at an address. `None` where browsers know no passkeys: its host is an address and no name, or it is
    /// neither `https` nor this machine.
    pub fn of(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let Some(Host::Domain(name)) = url.host() else { return None };
        let is_here = name == "localhost" || name.ends_with(".localhost");
        let is_secure = url.scheme() == "https" || (url.scheme() == "http" && is_here);
        is_secure.then(|| Self { id: name.to_owned(), origin: url.origin().ascii_serialization() })
    }

    /// Whether its two parts belong together.
    pub fn is_one(&self) -> bool {
        Self::of(&self.origin).as_ref() == Some(self)
    }
}
