//! The host of a delivery URL.

use std::fmt::{self, Write as _};

use super::AssetUrl;
use super::source::Source;
#[cfg(feature = "client")]
use crate::config::Config;
use crate::gather::Gather;

/// The host of accounts without one of their own.
const SHARED_HOST: &str = "res.cloudinary.com";
/// A host that early accounts have in their configuration and that now means the shared one.
const OLD_SHARED_HOST: &str = "cloudinary-a.akamaihd.net";

impl AssetUrl {
    /// What the URLs of a configuration begin with that are of no asset: scheme, host, and the cloud if it shares the host.
    #[cfg(feature = "client")]
    pub(crate) fn base(config: &Config) -> String {
        let mut base = String::new();
        let mut gather = Gather::new(&mut base);
        // Writing to a string cannot fail.
        let _ = Self::new(config, "").write_host(&mut gather, &Source::new("")).and_then(|()| gather.flush());
        base
    }

    pub(super) fn write_host(&self, out: &mut Gather<'_, impl fmt::Write>, source: &Source<'_>) -> fmt::Result {
        let config = &*self.config;
        let mut shared = !config.private_cdn;
        if config.secure {
            let own = config.secure_distribution.as_deref().filter(|host| *host != OLD_SHARED_HOST);
            out.push("https://")?;
            shared |= own == Some(SHARED_HOST);
            let spread = config.secure_cdn_subdomain.unwrap_or(shared && config.cdn_subdomain);
            match own {
                Some(host) => write_spread(out, host, spread, source)?,
                None if config.private_cdn => {
                    write_spread(out, &format!("{}-res.cloudinary.com", config.cloud_name), spread, source)?;
                }
                None => write_spread(out, SHARED_HOST, spread, source)?,
            }
        } else if let Some(cname) = &config.cname {
            out.push("http://")?;
            if config.cdn_subdomain {
                write!(out, "a{}.", shard(source))?;
            }
            out.push(cname)?;
        } else {
            out.push("http://")?;
            if config.private_cdn {
                write!(out, "{}-", config.cloud_name)?;
            }
            out.push("res")?;
            if config.cdn_subdomain {
                write!(out, "-{}", shard(source))?;
            }
            out.push(".cloudinary.com")?;
        }
        if shared {
            out.push("/")?;
            out.push(&config.cloud_name)?;
        }
        Ok(())
    }
}

fn write_spread(out: &mut Gather<'_, impl fmt::Write>, host: &str, spread: bool, source: &Source<'_>) -> fmt::Result {
    if spread && let Some((before, after)) = host.split_once(SHARED_HOST) {
        return write!(out, "{before}res-{}.cloudinary.com{after}", shard(source));
    }
    out.push(host)
}

/// Which of the five sub-domains: always the same for the same file, so that caches keep.
fn shard(source: &Source<'_>) -> u32 {
    let mut hash = crc32fast::Hasher::new();
    for piece in source.pieces() {
        hash.update(piece.as_bytes());
    }
    hash.finalize() % 5 + 1
}
