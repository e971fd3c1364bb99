//! Connections to servers whose address a request chose.
//!
//! It must not become a way to reach what only this machine can: names are resolved here, every address is checked, and
//! the connection goes to an address that was checked.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use url::{Host, Url};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The addresses of a URL's host that may be connected to.
pub(crate) async fn resolve(url: &Url, private: bool) -> Result<Vec<SocketAddr>, String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{} is not fetched", url.scheme()));
    }
    let port = url.port_or_known_default().ok_or("no port")?;
    let addresses: Vec<SocketAddr> = match url.host().ok_or("no host")? {
        Host::Ipv4(ip) => vec![(ip, port).into()],
        Host::Ipv6(ip) => vec![(ip, port).into()],
        Host::Domain(name) => {
            tokio::net::lookup_host((name, port)).await.map_err(|_| "ERR_DNS_FAIL 0".to_owned())?.collect()
        }
    };
    let allowed: Vec<SocketAddr> = addresses.into_iter().filter(|address| private || is_public(address.ip())).collect();
    if allowed.is_empty() { Err("its host is this machine or in a private network".to_owned()) } else { Ok(allowed) }
}

/// A client that goes where it is told: to these addresses, without a proxy, following nothing by itself.
pub(crate) fn client(url: &Url, addresses: &[SocketAddr]) -> Result<reqwest::Client, String> {
    let unusable = |_| "TLS cannot be set up".to_owned();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let tls = match rustls_platform_verifier::Verifier::new(provider) {
        Ok(verifier) => tls.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth(),
        // A machine without root certificates can still fetch by http.
        Err(_) => tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth(),
    };
    let host = url.host_str().unwrap_or_default();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .resolve_to_addrs(host, addresses)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!("cloudinary-local/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| "the HTTP client cannot be set up".to_owned())
}

/// Whether an address is one that anybody in the world could reach.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_multicast()
                || a == 0
                || a >= 240
                || a == 100 && (64..128).contains(&b)
                || a == 198 && (18..20).contains(&b)
                || a == 192 && b == 0 && c == 0)
        }
        IpAddr::V6(ip) => {
            // Addresses that carry an IPv4 one lead there.
            let inner = ip.to_ipv4_mapped().or_else(|| match ip.segments() {
                [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] | [0, 0, 0, 0, 0, 0, high, low] => {
                    Some(((u32::from(high) << 16) | u32::from(low)).into())
                }
                _ => None,
            });
            match inner {
                Some(inner) => is_public(inner.into()),
                None => is_public_v6(ip),
            }
        }
    }
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let documentation = matches!(ip.segments(), [0x2001, 0xdb8, ..]);
    // 2000::/3 is all that has been given out to the world.
    ip.segments().first().is_some_and(|first| first & 0xe000 == 0x2000) && !documentation
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn private_networks_are_told_apart() {
        let table = [
            ("8.8.8.8", true),
            ("172.15.0.1", true),
            ("192.0.1.1", true),
            ("2606:4700::1111", true),
            ("127.0.0.1", false),
            ("127.9.9.9", false),
            ("0.0.0.0", false),
            ("10.0.0.1", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fc00::1", false),
            ("ff02::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("::127.0.0.1", false),
            ("2001:db8::1", false),
        ];
        for (ip, public) in table {
            assert_eq!(is_public(ip.parse().unwrap()), public, "{ip}");
        }
    }
}
