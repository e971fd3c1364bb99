//! Files fetched from other servers.
//!
//! Whoever may upload chooses the URL, so it must not become a way to reach what only this machine can: names are
//! resolved here, every address is checked, the connection goes to an address that was checked, and each redirect is
//! checked anew.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use futures_util::StreamExt as _;
use url::{Host, Url};

use super::{source::Received, too_large};
use crate::{app::App, http::ApiError};

const MAX_REDIRECTS: usize = 5;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Fetches a file, within the time and the size that the limits allow.
pub(super) async fn fetch(app: &App, url: &str) -> Result<Received, ApiError> {
    let timeout = app.settings.limits.remote_timeout;
    tokio::time::timeout(timeout, follow(app, url)).await.unwrap_or_else(|_| Err(failed(url, "timeout")))
}

fn failed(url: &str, reason: impl std::fmt::Display) -> ApiError {
    ApiError::bad_request(format!("Error in loading {url} - {reason}"))
}

async fn follow(app: &App, asked: &str) -> Result<Received, ApiError> {
    let mut url = Url::parse(asked).map_err(|error| failed(asked, error))?;
    for _ in 0..=MAX_REDIRECTS {
        let addresses = resolve(&url, app.settings.remote_private).await.map_err(|reason| failed(asked, reason))?;
        let response = client(&url, &addresses)
            .map_err(|reason| failed(asked, reason))?
            .get(url.clone())
            .send()
            .await
            .map_err(|error| failed(asked, plain(&error)))?;
        let status = response.status();
        if status.is_redirection() {
            let target = response.headers().get(http::header::LOCATION).and_then(|target| target.to_str().ok());
            let target = target.ok_or_else(|| failed(asked, "a redirect without Location"))?;
            url = url.join(target).map_err(|error| failed(asked, error))?;
            continue;
        }
        if !status.is_success() {
            return Err(failed(asked, status));
        }
        return receive(app, asked, &url, response).await;
    }
    Err(failed(asked, "too many redirects"))
}

/// What went wrong, without the URL: the message has it already.
fn plain(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "the answer is broken"
    }
}

async fn receive(app: &App, asked: &str, url: &Url, response: reqwest::Response) -> Result<Received, ApiError> {
    let limits = &app.settings.limits;
    let most = limits.image_max_bytes.max(limits.raw_max_bytes);
    if let Some(announced) = response.content_length()
        && announced > most
    {
        return Err(too_large(announced, most));
    }
    let mut spool = app.store.blobs().receive().await?;
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| failed(asked, plain(&error)))?;
        let length = spool.length() + piece.len() as u64;
        if length > most {
            return Err(too_large(length, most));
        }
        spool.write(&piece).await?;
    }
    let name = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned();
    Ok(Received { content: spool.finish().await?, filename: Some(name).filter(|name| !name.is_empty()) })
}

/// The addresses of a URL's host that may be connected to.
async fn resolve(url: &Url, private: bool) -> Result<Vec<SocketAddr>, String> {
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
fn client(url: &Url, addresses: &[SocketAddr]) -> Result<reqwest::Client, String> {
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
