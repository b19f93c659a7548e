//! Where a request comes from, seen through the proxies that the settings trust.

use std::net::IpAddr;

use ipnet::IpNet;

/// Reads a list of addresses and networks, e.g. `127.0.0.1, 10.0.0.0/8`.
///
/// # Errors
/// The part that is neither, in words.
pub fn parse_proxies(text: &str) -> Result<Vec<IpNet>, String> {
    let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let address = part.parse::<IpAddr>().ok().map(IpNet::from);
            address
                .or_else(|| part.parse().ok())
                .ok_or_else(|| format!("{part} is no address and no network"))
        })
        .collect()
}

fn is_in(address: IpAddr, networks: &[IpNet]) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// The address that a request comes from: of the connection, or, where that is a trusted proxy's, the last one in
/// `X-Forwarded-For` that is not. What stands before it was written by somebody we don't know. `forwarded` are the
/// header's lines in their order.
pub fn address<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    proxies: &[IpNet],
) -> IpAddr {
    let mut nearest = peer.to_canonical();
    for hop in forwarded.flat_map(|line| line.split(',')).rev() {
        if !is_in(nearest, proxies) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(before) => nearest = before.to_canonical(),
            Err(_) => break,
        }
    }
    nearest
}

/// Whether many people may stand behind an address, so that failures must not be held against all of them: this
/// machine, a trusted proxy, and, as long as no proxy is named in the settings, any private address.
pub fn is_shared(address: &str, proxies: &[IpNet]) -> bool {
    let Ok(address) = address.parse::<IpAddr>() else { return true };
    let is_private = match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    address.is_loopback() || is_in(address, proxies) || proxies.is_empty() && is_private
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], proxies: &str) -> String {
        let proxies = parse_proxies(proxies).unwrap();
        address(peer.parse().unwrap(), forwarded.iter().copied(), &proxies).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], ""), "203.0.113.9", "nobody is trusted by default");
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], "127.0.0.1"), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1, 203.0.113.9"], "127.0.0.1"), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1", "203.0.113.9"], "127.0.0.1"), "203.0.113.9");
        assert_eq!(seen("10.0.0.2", &["203.0.113.9, 10.0.0.1"], "10.0.0.0/8"), "203.0.113.9");
        assert_eq!(seen("::ffff:127.0.0.1", &["2001:db8::7"], "127.0.0.1"), "2001:db8::7");
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, unknown"], "127.0.0.1"), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &[], "127.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn a_proxy_is_nobody_to_lock_out() {
        let (none, some) = (Vec::new(), parse_proxies("198.51.100.0/24").unwrap());
        for address in ["127.0.0.1", "::1", ""] {
            assert!(is_shared(address, &none) && is_shared(address, &some), "{address}");
        }
        assert!(is_shared("10.1.2.3", &none) && !is_shared("10.1.2.3", &some));
        assert!(is_shared("198.51.100.4", &some) && !is_shared("198.51.100.4", &none));
        assert!(!is_shared("203.0.113.9", &none) && !is_shared("203.0.113.9", &some));
    }

    #[test]
    fn what_is_no_network_is_named() {
        assert_eq!(parse_proxies("").unwrap(), []);
        assert!(parse_proxies("127.0.0.1, proxy.example").unwrap_err().contains("proxy.example"));
    }
}
