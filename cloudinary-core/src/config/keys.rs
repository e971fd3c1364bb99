//! The keys of a configuration, by their names in `CLOUDINARY_URL`.

use serde_json::{Map, Value as Json};

use super::{Config, Secret, check};
use crate::auth_token::AuthToken;
use crate::error::{Error, Result};
use crate::srcset::Srcset;
use crate::transformation::Transformation;

/// Every key that `CLOUDINARY_URL` may carry after its `?`, and, in capitals behind `CLOUDINARY_`, every variable.
const KEYS: [&str; 43] = [
    "cloud_name",
    "api_key",
    "api_secret",
    "upload_prefix",
    "timeout",
    "api_proxy",
    "secure",
    "secure_distribution",
    "private_cdn",
    "cname",
    "cdn_subdomain",
    "secure_cdn_subdomain",
    "shorten",
    "use_root_path",
    "sign_url",
    "long_url_signature",
    "force_version",
    "signature_algorithm",
    "signature_version",
    "upload_preset",
    "oauth_token",
    "dpr",
    "responsive_width",
    "responsive_width_transformation",
    "responsive_width_transformation[…]",
    "use_fetch_format",
    "client_hints",
    "responsive_placeholder",
    "disable_tcp_keep_alive",
    "srcset[breakpoints]",
    "srcset[min_width]",
    "srcset[max_width]",
    "srcset[max_images]",
    "srcset[sizes]",
    "srcset[transformation]",
    "auth_token[key]",
    "auth_token[token_name]",
    "auth_token[ip]",
    "auth_token[start_time]",
    "auth_token[expiration]",
    "auth_token[duration]",
    "auth_token[acl]",
    "auth_token[set_url_signature]",
];

/// A configuration that is read key by key. What has parts, in brackets, is made when all are there.
pub(super) struct Reader {
    pub(super) config: Config,
    secure_is_given: bool,
    srcset: SrcsetParts,
    responsive_step: Map<String, Json>,
}

impl Reader {
    pub(super) fn new(cloud_name: &str) -> Result<Self> {
        let config = Config::new(check::cloud_name(cloud_name)?);
        Ok(Self { config, secure_is_given: false, srcset: SrcsetParts::default(), responsive_step: Map::new() })
    }

    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<()> {
        check::printable(name, value)?;
        let config = &mut self.config;
        let text = || Some(value.to_owned()).filter(|text| !text.is_empty());
        let host = || text().map(|host| check::host(name, &host).map(str::to_owned)).transpose();
        match name {
            "cloud_name" => check::cloud_name(value)?.clone_into(&mut config.cloud_name),
            "api_key" => config.api_key = text(),
            "api_secret" => config.api_secret = text().map(Secret::from),
            "upload_prefix" => config.upload_prefix = Some(check::upload_prefix(value)?.to_owned()),
            "timeout" => config.timeout = check::seconds(value)?,
            "api_proxy" => config.api_proxy = text().map(Secret::from),
            "secure" => {
                config.secure = check::boolean(name, value)?;
                self.secure_is_given = true;
            }
            "secure_distribution" => config.secure_distribution = host()?,
            "private_cdn" => config.private_cdn = check::boolean(name, value)?,
            "cname" => config.cname = host()?,
            "cdn_subdomain" => config.cdn_subdomain = check::boolean(name, value)?,
            "secure_cdn_subdomain" => config.secure_cdn_subdomain = Some(check::boolean(name, value)?),
            "shorten" => config.shorten = check::boolean(name, value)?,
            "use_root_path" => config.use_root_path = check::boolean(name, value)?,
            "sign_url" => config.sign_url = check::boolean(name, value)?,
            "long_url_signature" => config.long_url_signature = check::boolean(name, value)?,
            "force_version" => config.force_version = check::boolean(name, value)?,
            "signature_algorithm" => config.signature_algorithm = value.parse()?,
            "signature_version" => config.signature_version = value.parse()?,
            "upload_preset" => config.upload_preset = text(),
            "oauth_token" => config.oauth_token = text().map(Secret::from),
            "dpr" => config.dpr = text().map(|ratio| check::dpr(&ratio)).transpose()?,
            "responsive_width" => config.responsive_width = check::boolean(name, value)?,
            "responsive_width_transformation" => config.responsive_width_transformation = value.parse()?,
            "use_fetch_format" => config.use_fetch_format = check::boolean(name, value)?,
            "client_hints" => config.client_hints = check::boolean(name, value)?,
            "responsive_placeholder" => config.responsive_placeholder = text(),
            "disable_tcp_keep_alive" => config.disable_tcp_keep_alive = check::boolean(name, value)?,
            name if name.starts_with("srcset[") => self.srcset.set(name, value)?,
            name if name.starts_with("responsive_width_transformation[") => self.set_responsive_step(name, value)?,
            name if name.starts_with("auth_token[") => self.set_auth_token(name, value)?,
            other => return Err(Error::unknown_option(other, KEYS)),
        }
        Ok(())
    }

    /// A transformation option in brackets, as `responsive_width_transformation[crop]`.
    fn set_responsive_step(&mut self, name: &str, value: &str) -> Result<()> {
        let option = name.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
        let option = option.ok_or_else(|| Error::unknown_option(name, KEYS))?;
        self.responsive_step.insert(option.to_owned(), Json::String(value.to_owned()));
        Ok(())
    }

    fn set_auth_token(&mut self, name: &str, value: &str) -> Result<()> {
        let token = self.config.auth_token.take().unwrap_or_else(|| AuthToken::new(""));
        let number = || value.parse().map_err(|_| Error::invalid(name, value, "give whole seconds"));
        self.config.auth_token = Some(match name {
            "auth_token[key]" => token.key(value),
            "auth_token[token_name]" => token.name(value),
            "auth_token[ip]" => token.ip(value),
            "auth_token[acl]" => token.acl(value),
            "auth_token[start_time]" => token.start_time(number()?),
            "auth_token[expiration]" => token.expiration(number()?),
            "auth_token[duration]" => token.duration(number()?),
            "auth_token[set_url_signature]" => token.with_url_signature(check::boolean(name, value)?),
            other => return Err(Error::unknown_option(other, KEYS)),
        });
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Config> {
        let prefix = self.config.upload_prefix.as_deref();
        // A service that is reached by plain `http`, as one on this machine, delivers so too unless told otherwise.
        if !self.secure_is_given && prefix.is_some_and(|prefix| prefix.starts_with("http://")) {
            self.config.secure = false;
        }
        if !self.responsive_step.is_empty() {
            self.config.responsive_width_transformation = Transformation::from_options(&self.responsive_step)?;
        }
        self.config.srcset = self.srcset.finish()?;
        Ok(self.config)
    }
}

/// The parts of `srcset`.
#[derive(Default)]
struct SrcsetParts {
    breakpoints: Option<Vec<u32>>,
    min_width: Option<u32>,
    max_width: Option<u32>,
    max_images: Option<u32>,
    /// What is said apart from the widths.
    rest: Srcset,
}

impl SrcsetParts {
    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "srcset[breakpoints]" => self.breakpoints = Some(check::breakpoints(name, value)?),
            "srcset[min_width]" => self.min_width = Some(check::pixels(name, value)?),
            "srcset[max_width]" => self.max_width = Some(check::pixels(name, value)?),
            "srcset[max_images]" => self.max_images = Some(check::images(name, value)?),
            "srcset[sizes]" => {
                let rest = std::mem::take(&mut self.rest);
                self.rest = if check::boolean(name, value)? { rest.with_sizes() } else { rest.without_sizes() };
            }
            "srcset[transformation]" => self.rest.transformation = Some(value.parse()?),
            other => return Err(Error::unknown_option(other, KEYS)),
        }
        Ok(())
    }

    fn finish(self) -> Result<Srcset> {
        let widths = match (self.breakpoints, self.min_width, self.max_width, self.max_images) {
            (Some(widths), None, None, None) => Srcset::widths(widths),
            (None, Some(min), Some(max), Some(images)) if min <= max => Srcset::range(min, max, images),
            (None, Some(min), Some(_), Some(_)) => {
                return Err(Error::invalid("srcset[min_width]", &min.to_string(), "it is at most srcset[max_width]"));
            }
            (None, None, None, None) => Srcset::default(),
            _ => {
                return Err(Error::invalid(
                    "srcset",
                    "",
                    "give either breakpoints, or all of min_width, max_width and max_images",
                ));
            }
        };
        Ok(widths.or(&self.rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Config> {
        Config::from_url(&format!("cloudinary://key:hush@demo?{query}"))
    }

    #[test]
    fn keys_with_parts() {
        let demo = || Config::new("demo").credentials("key", "hush");
        let step = |text: &str| text.parse::<Transformation>().unwrap();
        for (query, expected) in [
            ("srcset[breakpoints]=100,200", demo().srcset(Srcset::widths([100, 200]))),
            (
                "srcset[max_images]=5&srcset[min_width]=100&srcset[sizes]=true&srcset[max_width]=500",
                demo().srcset(Srcset::range(100, 500, 5).with_sizes()),
            ),
            (
                "srcset[breakpoints]=9&srcset[transformation]=e_sepia",
                demo().srcset(Srcset::widths([9]).transformation(step("e_sepia"))),
            ),
            (
                "responsive_width_transformation=c_pad,w_auto",
                demo().responsive_width_transformation(step("c_pad,w_auto")),
            ),
            (
                "responsive_width_transformation[width]=auto:50&responsive_width_transformation[crop]=pad",
                demo().responsive_width_transformation(step("c_pad,w_auto:50")),
            ),
            ("responsive_placeholder=blank", demo().responsive_placeholder("blank")),
            ("disable_tcp_keep_alive=1", demo().disable_tcp_keep_alive(true)),
            ("dpr=2.0&cname=[::1]:80/x", demo().dpr("2.0").cname("[::1]:80/x")),
        ] {
            assert_eq!(read(query).unwrap(), expected, "{query}");
        }
    }

    #[test]
    fn bad_values_are_named() {
        for (query, parameter, remedy) in [
            ("dpr=NaN", "dpr", "above 0"),
            ("dpr=-inf", "dpr", "above 0"),
            ("dpr=0", "dpr", "above 0"),
            ("dpr=-2", "dpr", "above 0"),
            ("dpr=2,w_1", "dpr", "above 0"),
            ("dpr=$a/..", "dpr", "above 0"),
            ("timeout=-1", "timeout", "above 0"),
            ("timeout=inf", "timeout", "above 0"),
            ("timeout=1e300", "timeout", "above 0"),
            ("cname=https://img.example.com", "cname", "without https://"),
            ("cname=a%20b", "cname", "host name"),
            ("cname=a%0Ab", "cname", "control character"),
            ("cname=a%00", "cname", "control character"),
            ("upload_preset=a%0D", "upload_preset", "line break"),
            ("oauth_token=hush%0A", "oauth_token", "line break"),
            ("upload_prefix=http://%E2%80%AEa", "upload_prefix", "use http://host"),
            ("cloud_name=..%2Fa", "cloud_name", "letters, digits"),
            ("cloud_name=%F0%9F%98%80", "cloud_name", "letters, digits"),
            ("signature_algorithm=md5", "signature_algorithm", "use sha1 or sha256"),
            ("secure=", "secure", "use true or false"),
            ("private_cdn=2", "private_cdn", "use true or false"),
            ("cname=a%3Fb", "cname", "host name"),
            ("cname=a%23b", "cname", "host name"),
            ("cname=me:pass@a", "cname", "host name"),
            ("cname=a/../b", "cname", "host name"),
            ("cname=%E2%80%AEa", "cname", "host name"),
            ("cname=%F0%9F%98%80", "cname", "host name"),
            ("secure_distribution=a/", "secure_distribution", "slash at its end"),
            ("srcset[breakpoints]=1,,2", "srcset[breakpoints]", "whole pixels"),
            ("srcset[breakpoints]=0", "srcset[breakpoints]", "whole pixels"),
            ("srcset[min_width]=-1", "srcset[min_width]", "whole pixels"),
            ("srcset[max_width]=99999999999", "srcset[max_width]", "whole pixels"),
            ("srcset[max_images]=0", "srcset[max_images]", "from 1 to 200"),
            ("srcset[max_images]=201", "srcset[max_images]", "from 1 to 200"),
            ("srcset[min_width]=9", "srcset", "either breakpoints"),
            ("srcset[breakpoints]=9&srcset[min_width]=9", "srcset", "either breakpoints"),
            ("srcset[min_width]=9&srcset[max_width]=8&srcset[max_images]=2", "srcset[min_width]", "at most"),
            ("srcset[transformation]=a%3Fb", "a?b", "escape ?"),
            ("srcset[brakpoints]=9", "srcset[brakpoints]", "srcset[breakpoints]"),
            ("srcset=9", "srcset", "unknown option"),
            ("responsive_width_transformation[widht]=9", "widht", "did you mean \"width\""),
            ("responsive_width_transformation[width=9", "responsive_width_transformation[width", "unknown option"),
            ("responsive_placeholdr=x", "responsive_placeholdr", "responsive_placeholder"),
            ("auth_token[duration]=NaN", "auth_token[duration]", "whole seconds"),
            ("auth_token[expiration]=99999999999999999999", "auth_token[expiration]", "whole seconds"),
            ("auth_token[kye]=00", "auth_token[kye]", "auth_token[key]"),
        ] {
            let error = read(query).unwrap_err().to_string();
            assert!(error.contains(parameter) && error.contains(remedy), "{query}: {error}");
            assert!(!error.contains("hush"), "{query}: {error}");
        }
    }
}
