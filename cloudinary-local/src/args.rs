//! The program's command line.

use std::{
    ffi::OsString,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use cloudinary_local::Secret;

pub(crate) const HELP: &str = "\
A media server that speaks Cloudinary's upload API and delivery URLs.

Usage: cloudinary-local [options]

  --addr ADDRESS          address to listen on (default 127.0.0.1:8080; port 0: any free one)
  --data FOLDER           where to keep everything (default: in memory, gone at the end)
  --cloud-name NAME       name of the cloud (default local)
  --api-key KEY           API key (default: made at random, kept in the data folder)
  --api-secret SECRET     API secret (default: made at random, kept in the data folder);
                          others on this machine can see it here: CLOUDINARY_LOCAL_API_SECRET
                          in the environment does the same
  --public-url URL        scheme and host that browsers use (default: http and the address)
  --unsigned-preset NAME  an upload preset open to all; may be given again
  --callback-origin URL   an origin that upload callbacks may redirect to; may be given again
  --help                  show this
  --version               show the version

When it serves it prints one line, CLOUDINARY_URL=…, with everything a client needs, the
secret included. Logs go to standard error; RUST_LOG chooses what (default warn).
";

const SECRET_VARIABLE: &str = "CLOUDINARY_LOCAL_API_SECRET";

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Parsed {
    Help,
    Version,
    Run(Args),
}

/// How to run.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) address: SocketAddr,
    pub(crate) data: Option<PathBuf>,
    pub(crate) cloud_name: String,
    pub(crate) credentials: Option<(String, Secret)>,
    pub(crate) public_url: Option<String>,
    pub(crate) unsigned_presets: Vec<String>,
    pub(crate) callback_origins: Vec<String>,
}

impl Args {
    pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Parsed, String> {
        Self::parse_with(words, std::env::var(SECRET_VARIABLE).ok())
    }

    fn parse_with(words: impl IntoIterator<Item = OsString>, mut secret: Option<String>) -> Result<Parsed, String> {
        let mut args = Self {
            address: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8080),
            data: None,
            cloud_name: "local".to_owned(),
            credentials: None,
            public_url: None,
            unsigned_presets: Vec::new(),
            callback_origins: Vec::new(),
        };
        let mut key = None;
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let word = text("an option", word)?;
            let (option, inline) = match word.split_once('=') {
                Some((option, value)) => (option.to_owned(), Some(OsString::from(value))),
                None => (word, None),
            };
            if matches!(option.as_str(), "--help" | "-h" | "--version" | "-V") {
                return match (inline, option.ends_with(['p', 'h'])) {
                    (Some(_), _) => Err(format!("{option} takes no value")),
                    (None, true) => Ok(Parsed::Help),
                    (None, false) => Ok(Parsed::Version),
                };
            }
            let mut value = || inline.clone().or_else(|| words.next()).ok_or_else(|| format!("{option} needs a value"));
            match option.as_str() {
                "--addr" => {
                    let given = text(&option, value()?)?;
                    args.address = given
                        .parse()
                        .map_err(|_| format!("--addr {given} is no address; write it as 127.0.0.1:8080"))?;
                }
                "--data" => args.data = Some(value()?.into()),
                "--cloud-name" => args.cloud_name = text(&option, value()?)?,
                "--api-key" => key = Some(text(&option, value()?)?),
                "--api-secret" => secret = Some(text(&option, value()?)?),
                "--public-url" => args.public_url = Some(text(&option, value()?)?),
                "--unsigned-preset" => args.unsigned_presets.push(text(&option, value()?)?),
                "--callback-origin" => args.callback_origins.push(text(&option, value()?)?),
                other => return Err(format!("unknown option {other}")),
            }
        }
        args.credentials = match (key, secret) {
            (Some(key), Some(secret)) => Some((key, secret.into())),
            (None, None) => None,
            _ => return Err("--api-key and --api-secret go together; give both or neither".to_owned()),
        };
        Ok(Parsed::Run(args))
    }
}

fn text(what: &str, word: OsString) -> Result<String, String> {
    word.into_string().map_err(|word| format!("{what} is not UTF-8: {}", word.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Parsed, String> {
        Args::parse_with(words.iter().map(OsString::from), None)
    }

    #[test]
    fn good_lines() {
        let Ok(Parsed::Run(args)) = parse(&[]) else { panic!("no options are needed") };
        assert_eq!((args.address.to_string().as_str(), args.cloud_name.as_str()), ("127.0.0.1:8080", "local"));
        let line = ["--addr=[::1]:0", "--data", "a=b", "--api-key", "k", "--api-secret=s=s", "--unsigned-preset", "p"];
        let Ok(Parsed::Run(args)) = parse(&line) else { panic!("{line:?}") };
        assert_eq!(args.address.to_string(), "[::1]:0");
        assert_eq!(args.data.unwrap().to_str(), Some("a=b"));
        assert_eq!(
            args.credentials.map(|(key, secret)| (key, secret.expose().to_owned())),
            Some(("k".into(), "s=s".into()))
        );
        assert_eq!(args.unsigned_presets, ["p"]);
        assert!(matches!(parse(&["--help"]), Ok(Parsed::Help)));
        assert!(matches!(parse(&["-h"]), Ok(Parsed::Help)));
        assert!(matches!(parse(&["--version"]), Ok(Parsed::Version)));
        assert!(matches!(parse(&["-V"]), Ok(Parsed::Version)));
    }

    #[test]
    fn bad_lines_name_the_trouble() {
        let table: [(&[&str], &str); 7] = [
            (&["--port", "80"], "unknown option --port"),
            (&["serve"], "unknown option serve"),
            (&["--addr"], "--addr needs a value"),
            (&["--addr", "here"], "--addr here is no address; write it as 127.0.0.1:8080"),
            (&["--api-key", "k"], "--api-key and --api-secret go together; give both or neither"),
            (&["--api-secret", "k"], "--api-key and --api-secret go together; give both or neither"),
            (&["--help=me"], "--help takes no value"),
        ];
        for (words, expected) in table {
            assert_eq!(parse(words).unwrap_err(), expected, "{words:?}");
        }
    }
}
