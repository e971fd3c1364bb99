//! A URL as text.

use std::fmt;

use super::AssetUrl;
use super::defaults::Effective;
use super::source::Source;
use crate::asset::{DeliveryType, ResourceType};
use crate::clock::now;
use crate::config::Secret;
use crate::gather::Gather;
use crate::signing::{UrlSignature, UrlSigner};

impl fmt::Display for AssetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.auth_token.as_ref().filter(|_| self.sign && !self.is_foreign()) {
            None => {
                let mut gather = Gather::new(f);
                self.write(&mut gather)?;
                gather.flush()
            }
            Some(token) => {
                let mut url = String::new();
                let mut gather = Gather::new(&mut url);
                self.write(&mut gather)?;
                gather.flush()?;
                f.write_str(&url)?;
                // Without a valid token the service refuses the URL, and `url()` says what is wrong.
                match token.generate_for(path_of(&url), now()) {
                    Ok(token) => write!(f, "?{token}"),
                    Err(_) => Ok(()),
                }
            }
        }
    }
}

impl AssetUrl {
    fn write(&self, out: &mut Gather<'_, impl fmt::Write>) -> fmt::Result {
        if self.is_foreign() || self.asset.public_id.is_empty() {
            return out.push(&self.asset.public_id);
        }
        let mut source = Source::new(&self.asset.public_id);
        if !source.is_remote() {
            source.format = self.asset.format.as_deref().filter(|_| !self.format_is_parameter());
            source.suffix = self.suffix_to_write();
        }
        let transformation = self.effective();

        self.write_host(out, &source)?;
        self.write_kind(out, source.suffix.is_some())?;
        // Nothing is signed with a secret that is none, and `url()` says so.
        if self.wants_signature()
            && let Some(secret) = self.config.api_secret.as_ref().filter(|secret| !secret.expose().is_empty())
        {
            out.push("/")?;
            out.push(self.signature(&transformation, &source, secret)?.as_str())?;
        }
        if !transformation.is_empty() {
            out.push("/")?;
            transformation.write(out)?;
        }
        match self.asset.version {
            Some(version) if version > 0 => {
                out.push("/v")?;
                out.push_number(version)?;
            }
            _ if self.config.force_version && source.needs_version() => out.push("/v1")?,
            _ => {}
        }
        out.push("/")?;
        source.write(out)
    }

    /// The signature of a URL with this transformation and end. Both are written for it as they are for the URL, which
    /// takes no memory and less time than to digest them in pieces.
    fn signature(
        &self,
        transformation: &Effective<'_>,
        source: &Source<'_>,
        secret: &Secret,
    ) -> Result<UrlSignature, fmt::Error> {
        let mut signer = UrlSigner::new(self.config.signature_algorithm, self.config.long_url_signature);
        let mut signed = Gather::new(&mut signer);
        if !transformation.is_empty() {
            transformation.write(&mut signed)?;
            signed.push("/")?;
        }
        source.write_signed(&mut signed)?;
        signed.push(secret.expose())?;
        signed.flush()?;
        Ok(signer.finish())
    }

    fn write_kind(&self, out: &mut Gather<'_, impl fmt::Write>, suffixed: bool) -> fmt::Result {
        let image_upload =
            self.asset.resource_type == ResourceType::Image && self.asset.delivery_type == DeliveryType::Upload;
        if image_upload && self.config.use_root_path {
            return Ok(());
        }
        if suffixed {
            return out.push(if image_upload { "/images" } else { "/files" });
        }
        if image_upload {
            return out.push(if self.config.shorten { "/iu" } else { "/image/upload" });
        }
        for part in ["/", self.asset.resource_type.as_str(), "/", self.asset.delivery_type.as_str()] {
            out.push(part)?;
        }
        Ok(())
    }
}

/// The path of a URL: what comes after its host.
fn path_of(url: &str) -> &str {
    url.match_indices('/').nth(2).map_or("", |(slash, _)| &url[slash..])
}
