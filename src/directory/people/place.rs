//! From where a session was opened, as far as an address tells it without asking anybody.

use std::net::IpAddr;

use super::device::device_words;
use crate::platform::i18n::{self, Lang};

/// Whether an address is one of a network of its own, which means something only there.
fn is_internal(ip: IpAddr) -> bool {
    match ip {
        // 100.64.0.0/10 is shared behind a carrier's translation (RFC 6598).
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || v4.is_link_local() || (a == 100 && (64..128).contains(&b))
        }
        // fc00::/7 and fe80::/10 (RFC 4193, RFC 4291).
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
        }
    }
}

/// "internal network, 10.2.0.7", "address 203.0.113.9": what its owner can recognise.
pub fn place_words(lang: Lang, address: &str) -> String {
    let Ok(ip) = address.parse::<IpAddr>() else { return i18n::t(lang, "account-place-unknown") };
    let ip = ip.to_canonical();
    let key = match ip {
        _ if ip.is_loopback() => return i18n::t(lang, "account-place-server"),
        _ if is_internal(ip) => "account-place-internal",
        _ => "account-place-address",
    };
    i18n::t_with(lang, key, &[("address", ip.to_string())])
}

/// From which device and where somebody acted, as far as that is on record; empty: nothing is.
pub fn from_where(lang: Lang, address: &str, agent: &str) -> String {
    let device = (!agent.is_empty()).then(|| device_words(lang, agent));
    let place = (!address.is_empty()).then(|| place_words(lang, address));
    device.into_iter().chain(place).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_can_be_known_of_it_and_no_more() {
        let said = |address| place_words(Lang::En, address);
        assert_eq!(said("127.0.0.1"), "the server’s own machine");
        assert_eq!(said("::1"), "the server’s own machine");
        assert_eq!(said("203.0.113.9"), "address 203.0.113.9");
        assert_eq!(said("::ffff:203.0.113.9"), "address 203.0.113.9");
        assert_eq!(said("2001:db8::9"), "address 2001:db8::9");
        for internal in
            ["10.2.0.7", "172.16.1.1", "192.168.0.3", "169.254.1.1", "100.64.0.1", "fd00::1", "fe80::1"]
        {
            assert_eq!(said(internal), format!("internal network, {internal}"));
        }
        assert_eq!(said("100.128.0.1"), "address 100.128.0.1");
        assert_eq!(said(""), "place unknown");
    }
}
