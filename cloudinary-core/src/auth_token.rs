//! Token-based delivery: a URL or a cookie that opens assets for a while, to some paths, from one address.
//!
//! Follows <https://cloudinary.com/documentation/control_access_to_media#token_based_authentication>.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::config::Secret;
use crate::error::{Error, Result};
use crate::escape::escape_unless;

/// The name of the cookie, or of the query parameter, unless another is given: `__cld_token__`.
///
/// ```
/// use cloudinary_core::{AUTH_TOKEN_NAME, AuthToken};
/// let token = AuthToken::new("00112233FF99").acl("/image/*").expiration(1_700_000_000).generate(0)?;
/// assert!(token.starts_with(AUTH_TOKEN_NAME));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
pub const AUTH_TOKEN_NAME: &str = "__cld_token__";

/// What a token allows: which paths, until when, from which address. It needs a key and an end.
///
/// ```
/// use cloudinary_core::AuthToken;
/// let token = AuthToken::new("00112233FF99").start_time(1_111_111_111).duration(300).acl("/image/*");
/// assert_eq!(
///     token.generate(0)?,
///     "__cld_token__=st=1111111111~exp=1111111411~acl=%2fimage%2f*\
///      ~hmac=1751370bcc6cfe9e03f30dd1a9722ba0f2cdca283fa3e6df3342a00a7528cc51",
/// );
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/control_access_to_media#token_based_authentication>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthToken {
    key: Secret,
    name: String,
    ip: Option<String>,
    start_time: Option<i64>,
    expiration: Option<i64>,
    duration: Option<i64>,
    acl: Vec<String>,
    also_signature: bool,
}

impl AuthToken {
    /// A token made with the account's key, which is hexadecimal, two digits a byte.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").acl("/image/*").expiration(1_700_000_000).generate(0)?;
    /// assert!(token.starts_with("__cld_token__=exp=1700000000~acl=%2fimage%2f*~hmac="));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn new(key: impl Into<Secret>) -> Self {
        Self {
            key: key.into(),
            name: AUTH_TOKEN_NAME.to_owned(),
            ip: None,
            start_time: None,
            expiration: None,
            duration: None,
            acl: Vec::new(),
            also_signature: false,
        }
    }

    /// Another key; hexadecimal too.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// assert_eq!(AuthToken::new("00").key("FF99"), AuthToken::new("FF99"));
    /// ```
    pub fn key(mut self, key: impl Into<Secret>) -> Self {
        self.key = key.into();
        self
    }

    /// Another name than [`AUTH_TOKEN_NAME`]: letters, digits, `_`, `-` and `.`.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").name("gate").acl("/*").expiration(9).generate(0)?;
    /// assert!(token.starts_with("gate=exp=9~"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The one address that may use it, of IPv4 or IPv6. Default: any.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").ip("1.2.3.4").acl("/*").expiration(9).generate(0)?;
    /// assert!(token.starts_with("__cld_token__=ip=1.2.3.4~exp=9~"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn ip(mut self, ip: impl Into<String>) -> Self {
        self.ip = Some(ip.into());
        self
    }

    /// From when on it is valid, in Unix seconds. Default: at once.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").start_time(100).duration(60).acl("/*").generate(0)?;
    /// assert!(token.starts_with("__cld_token__=st=100~exp=160~"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn start_time(mut self, seconds: i64) -> Self {
        self.start_time = Some(seconds);
        self
    }

    /// Until when it is valid, in Unix seconds. Wins over [`duration`](Self::duration); a token needs one of them.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").expiration(500).duration(60).acl("/*").generate(0)?;
    /// assert!(token.starts_with("__cld_token__=exp=500~"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn expiration(mut self, seconds: i64) -> Self {
        self.expiration = Some(seconds);
        self
    }

    /// How long it is valid, in seconds, 0 or more: from [`start_time`](Self::start_time), or from when it is made.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").duration(300).acl("/*").generate(1_000)?;
    /// assert!(token.starts_with("__cld_token__=exp=1300~"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn duration(mut self, seconds: i64) -> Self {
        self.duration = Some(seconds);
        self
    }

    /// Adds a path pattern it opens, as `/image/*`. Without any, it opens the one URL it is made for.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").acl("/image/*").acl("/raw/*").expiration(9).generate(0)?;
    /// assert!(token.starts_with("__cld_token__=exp=9~acl=%2fimage%2f*!%2fraw%2f*~"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn acl(mut self, pattern: impl Into<String>) -> Self {
        self.acl.push(pattern.into());
        self
    }

    /// Whether a URL with the token is signed too, which takes the API secret. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, AuthToken, Config};
    /// let token = AuthToken::new("00112233FF99").expiration(9).with_url_signature(true);
    /// let config = Config::new("test123").credentials("a", "b").auth_token(token);
    /// assert!(AssetUrl::new(&config, "image.jpg").signed_url()?.contains("/s----SjmNDA--/image.jpg?__cld_token__=exp=9~"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn with_url_signature(mut self, signature: bool) -> Self {
        self.also_signature = signature;
        self
    }

    pub(crate) fn wants_url_signature(&self) -> bool {
        self.also_signature
    }

    /// The token for its path patterns, as `name=value`: for a cookie. `now` is Unix seconds.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] without an `acl`, without an end, with a key that is empty or not hexadecimal, a
    /// negative duration, an `ip` that is none, a name that no cookie may have, or a control character.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").acl("/image/*").duration(300);
    /// assert!(token.generate(1_000)?.starts_with("__cld_token__=exp=1300~acl=%2fimage%2f*~hmac="));
    /// assert!(AuthToken::new("no key").acl("/*").duration(300).generate(1_000).is_err());
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn generate(&self, now: i64) -> Result<String> {
        if self.acl.is_empty() {
            return Err(Error::invalid("auth_token", "", "give an acl, or make the token for a URL"));
        }
        self.token(None, now)
    }

    /// The token for one path, as `name=value`: for its query. The path counts only where there are no patterns.
    ///
    /// # Errors
    /// As [`generate`](Self::generate), but that no `acl` is needed.
    ///
    /// ```
    /// use cloudinary_core::AuthToken;
    /// let token = AuthToken::new("00112233FF99").expiration(1_111_111_411).generate_for("/image/upload/a.jpg", 0)?;
    /// assert!(token.starts_with("__cld_token__=exp=1111111411~hmac="));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn generate_for(&self, path: &str, now: i64) -> Result<String> {
        self.token(Some(path), now)
    }

    fn token(&self, path: Option<&str>, now: i64) -> Result<String> {
        self.check(path)?;
        let expiration = match (self.expiration, self.duration) {
            (Some(expiration), _) => expiration,
            (None, Some(duration)) if duration < 0 => {
                return Err(Error::invalid("auth_token[duration]", &duration.to_string(), "it is 0 seconds or more"));
            }
            (None, Some(duration)) => self.start_time.unwrap_or(now).checked_add(duration).ok_or_else(|| {
                Error::invalid("auth_token[duration]", &duration.to_string(), "it ends after all of time; give less")
            })?,
            (None, None) => return Err(Error::invalid("auth_token", "", "give an expiration or a duration")),
        };
        let mut token = String::new();
        let mut add = |name: &str, value: &str| {
            if !token.is_empty() {
                token.push('~');
            }
            token.push_str(name);
            token.push('=');
            token.push_str(value);
        };
        if let Some(ip) = &self.ip {
            add("ip", ip);
        }
        if let Some(start) = self.start_time {
            add("st", &start.to_string());
        }
        add("exp", &expiration.to_string());
        if !self.acl.is_empty() {
            let patterns: Vec<String> = self.acl.iter().map(|pattern| escaped(pattern)).collect();
            add("acl", &patterns.join("!"));
        }
        let signed = match path {
            Some(path) if self.acl.is_empty() => format!("{token}~url={}", escaped(path)),
            _ => token.clone(),
        };
        Ok(format!("{}={token}~hmac={}", self.name, self.hmac(&signed)?))
    }

    /// A token stands in a query or a cookie, where these would end it or pass for another part of it.
    fn check(&self, path: Option<&str>) -> Result<()> {
        if !is_name(&self.name) {
            let remedy = "it has letters, digits, '_', '-' and '.' only";
            return Err(Error::invalid("auth_token[token_name]", &self.name, remedy));
        }
        if let Some(ip) = self.ip.as_ref().filter(|ip| ip.parse::<IpAddr>().is_err()) {
            return Err(Error::invalid("auth_token[ip]", ip, "give one address, as 1.2.3.4 or ::1"));
        }
        let broken = |text: &&str| text.chars().any(char::is_control);
        if let Some(pattern) = self.acl.iter().map(String::as_str).find(broken) {
            return Err(Error::invalid("auth_token[acl]", pattern, "leave out control characters"));
        }
        match path.filter(broken) {
            Some(path) => Err(Error::invalid("path", path, "leave out control characters")),
            None => Ok(()),
        }
    }

    fn hmac(&self, text: &str) -> Result<String> {
        let unusable = || Error::invalid("auth_token", "[redacted]", "its key is hexadecimal, two digits a byte");
        let key = hex::decode(self.key.expose()).ok().filter(|key| !key.is_empty()).ok_or_else(unusable)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| unusable())?;
        mac.update(text.as_bytes());
        Ok(hex::encode(mac.finalize().into_bytes()))
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// The characters a token may not have, escaped in lower case.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| !matches!(byte, b' ' | b'"' | b'#' | b'%' | b'&' | b'\'' | b'/' | b':'..=b'@' | b'['..=b'^' | b'`' | b'{'..=b'~');
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c.is_ascii() {
            let mut one = String::new();
            escape_unless(&mut one, c.encode_utf8(&mut [0; 4]), plain);
            if one.len() > 1 {
                one.make_ascii_lowercase();
            }
            out.push_str(&one);
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let base = || AuthToken::new("00112233FF99").start_time(11_111_111).duration(300);
        for (token, path, expected) in [
            (base(), Some("/a b&c"), "__cld_token__=st=11111111~exp=11111411~hmac="),
            (
                base().acl("/i/*").acl("/v/*"),
                None,
                "__cld_token__=st=11111111~exp=11111411~acl=%2fi%2f*!%2fv%2f*~hmac=",
            ),
            (base().ip("1.2.3.4").expiration(9).name("t"), Some("/x"), "t=ip=1.2.3.4~st=11111111~exp=9~hmac="),
        ] {
            let made = match path {
                Some(path) => token.generate_for(path, 0),
                None => token.generate(0),
            };
            assert!(made.unwrap().starts_with(expected));
        }
    }

    #[test]
    fn bad_values_are_named() {
        let good = || AuthToken::new("00ff").acl("/x").duration(5);
        for (token, parameter, remedy) in [
            (good().duration(-1), "auth_token[duration]: \"-1\"", "0 seconds or more"),
            (good().duration(i64::MIN), "auth_token[duration]", "0 seconds or more"),
            (good().start_time(1).duration(i64::MAX), "auth_token[duration]", "give less"),
            (good().name(""), "auth_token[token_name]", "letters, digits"),
            (good().name("a=b"), "auth_token[token_name]: \"a=b\"", "letters, digits"),
            (good().name("a\r\nSet-Cookie: b"), "auth_token[token_name]", "letters, digits"),
            (good().name("\u{202e}"), "auth_token[token_name]", "letters, digits"),
            (good().ip(""), "auth_token[ip]", "one address"),
            (good().ip("1.2.3.4~acl=*"), "auth_token[ip]: \"1.2.3.4~acl=*\"", "one address"),
            (good().acl("/a\nb"), "auth_token[acl]", "control characters"),
            (good().acl("\0"), "auth_token[acl]", "control characters"),
            (good().key(""), "auth_token", "hexadecimal"),
            (good().key("0"), "auth_token", "hexadecimal"),
            (good().key("😀"), "auth_token", "hexadecimal"),
        ] {
            for made in [token.generate(0), token.generate_for("/x", 0)] {
                let error = made.unwrap_err().to_string();
                assert!(error.contains(parameter) && error.contains(remedy), "{error}");
            }
        }
        assert!(good().generate_for("/a\0", 0).is_err());
        let huge = good().acl("x".repeat(300)).acl("/ü/😀/\u{202e}").expiration(i64::MAX).start_time(i64::MIN);
        assert!(huge.generate(0).unwrap().contains("exp=9223372036854775807~acl="));
    }

    #[test]
    fn faults_do_not_show_the_key() {
        for token in
            [AuthToken::new("00ff"), AuthToken::new("00ff").acl("/x"), AuthToken::new("zz").acl("/x").duration(5)]
        {
            let error = token.generate(0).unwrap_err().to_string();
            assert!(error.contains("auth_token") && !error.contains("zz"), "{error}");
            assert!(!format!("{token:?}").contains("zz"));
        }
    }
}
