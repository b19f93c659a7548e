//! Witnesses of a log (C2SP tlog-witness): which are asked, what is said to one and what it answers. Values in, values out, but
//! for the one call over the network.

use std::time::Duration;

use reqwest::{StatusCode, header};
use tlog_tiles::{Checkpoint, Hash};
use url::Url;

use super::{
    asking::{body, client, words},
    error::{AppError, Result},
    keys::{PublicKey, WitnessKey, part},
};

/// The most witnesses that are asked, and cosignatures that a checkpoint in a package bears.
pub const MOST: usize = 10;

/// Longest body that a witness reads, and longest answer that we read, in bytes: 63 hashes and a checkpoint with many
/// signatures are some ten thousand.
pub const LONGEST: usize = 64 * 1024;

/// The most lines of a proof that the protocol knows.
const PROOF: usize = 63;

/// The media type of the size that a witness knows.
pub const SIZE: &str = "text/x.tlog.size";

/// A witness answers within so long, or is away: it has little to do.
const PATIENCE: Duration = Duration::from_secs(10);

/// A witness that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    pub key: WitnessKey,
    /// Where its protocol begins, without a slash at its end.
    url: Url,
}

/// Reads the keys of the logs that are watched, with blanks or commas between them. A log may have several.
///
/// # Errors
/// What is wrong with one.
pub fn parse_logs(text: &str) -> Result<Vec<PublicKey>, String> {
    let mut logs: Vec<PublicKey> = Vec::new();
    for word in words(text) {
        let key = word.parse::<PublicKey>().map_err(|e| format!("{word}: {e}"))?;
        if !logs.contains(&key) {
            logs.push(key);
        }
    }
    Ok(logs)
}

impl Witness {
    /// Reads pairs of a witness's key and its address, with blanks or commas between all of them.
    ///
    /// # Errors
    /// What is wrong with one.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        let mut all: Vec<Self> = Vec::new();
        let mut words = words(text);
        while let Some(word) = words.next() {
            let key = word.parse::<WitnessKey>().map_err(|e| format!("{word}: {e}"))?;
            let Some(address) = words.next() else {
                return Err(format!("behind the key of {} stands no address", key.name()));
            };
            let url = Url::parse(address.trim_end_matches('/')).map_err(|e| format!("{address}: {e}"))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err("a witness's address begins with http:// or https://".into());
            }
            // Anybody may ask a witness; so an address has no secrets that could be shown.
            let is_plain = url.username().is_empty() && url.password().is_none();
            if !is_plain || url.query().is_some() || url.fragment().is_some() {
                return Err("a witness's address has no name, password, query or fragment".into());
            }
            if all.iter().any(|known| known.key == key) {
                return Err(format!("{} stands there twice", key.name()));
            }
            all.push(Self { key, url });
        }
        if all.len() > MOST { Err(format!("{MOST} witnesses at most")) } else { Ok(all) }
    }

    /// What it is called by in the database: its key as text.
    pub fn id(&self) -> String {
        self.key.to_string()
    }

    /// Hands it a checkpoint, with the proof that leads there from the size `old`.
    ///
    /// # Errors
    /// `Unavailable`: it can't be reached, is overburdened or out of order.
    pub async fn add_checkpoint(&self, old: u64, proof: &[Hash], note: &str) -> Result<Answer> {
        let address = format!("{}/add-checkpoint", self.url.as_str().trim_end_matches('/'));
        let asked = client()?.post(address).timeout(PATIENCE).body(request(old, proof, note)).send();
        let mut answer = asked.await.map_err(|e| self.away(&e.without_url()))?;
        let status = answer.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(self.away(&format!("HTTP {}", status.as_u16())));
        }
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_size = kind.is_some_and(|kind| kind.split(';').next().unwrap_or_default().trim() == SIZE);
        let bytes = body(&mut answer, LONGEST).await.map_err(|e| self.away(&e.without_url()))?;
        let bytes = bytes.ok_or_else(|| self.away(&"it says more than a witness has to say"))?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(match status {
            StatusCode::OK => Answer::Cosigned(text),
            StatusCode::CONFLICT if is_size => Answer::Knows(size_of(text.trim_end_matches('\n'))),
            StatusCode::CONFLICT => Answer::Knows(None),
            other => Answer::Refused(other.as_u16()),
        })
    }

    fn away(&self, why: &dyn std::fmt::Display) -> AppError {
        AppError::Unavailable(format!("the witness {}: {why}", self.key.name()))
    }
}

/// What a witness says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Lines of cosignatures.
    Cosigned(String),
    /// It has cosigned another size than was said, or another root of this size.
    Knows(Option<u64>),
    /// By this status.
    Refused(u16),
}

/// The body of a request.
pub fn request(old: u64, proof: &[Hash], note: &str) -> String {
    let lines: String = proof.iter().map(|hash| format!("{hash}\n")).collect();
    format!("old {old}\n{lines}\n{note}")
}

/// A number as the protocol writes it: decimal, without leading zeros.
fn size_of(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|n| n.to_string() == text)
}

/// What a witness is asked.
#[derive(Debug, PartialEq)]
pub struct Asked {
    pub old: u64,
    pub proof: Vec<Hash>,
    pub checkpoint: Checkpoint,
    /// The text of the checkpoint, as it is signed.
    pub text: String,
    /// The checkpoint with its signatures.
    pub note: String,
}

/// Reads the body of a request; `None`: it is none.
pub fn read_request(body: &[u8]) -> Option<Asked> {
    let body = std::str::from_utf8(body).ok()?;
    let (head, note) = body.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let old = size_of(lines.next()?.strip_prefix("old ")?)?;
    let proof: Vec<Hash> = lines.map(|line| Hash::parse_hash(line).ok()).collect::<Option<_>>()?;
    let text = part(note)?.text;
    let checkpoint = Checkpoint::from_bytes(text.as_bytes()).ok()?;
    // What is larger than any log will be does not fit into a column, nor into the arithmetic of the tree.
    let fits = proof.len() <= PROOF && checkpoint.size() <= 1 << 62;
    fits.then(|| Asked { old, proof, checkpoint, text, note: note.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "witness.example+5e3ffbc9+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn witnesses_are_read_as_pairs_of_key_and_address() {
        assert_eq!(Witness::parse_all(""), Ok(Vec::new()));
        let one = Witness::parse_all(&format!("{KEY}\n https://w.example/witness/ ,")).expect("one");
        assert_eq!((one.len(), one[0].id().as_str()), (1, KEY));
        let pair = format!("{KEY} https://w.example");
        for (text, said) in [
            (KEY.to_owned(), "no address"),
            (format!("{KEY} ftp://w.example"), "http://"),
            (format!("{KEY} https://us:sesame@w.example"), "no name, password"),
            (format!("{KEY} https://w.example/?key=sesame"), "query"),
            (format!("{pair}, {pair}"), "twice"),
            ("https://w.example".to_owned(), "name+id+key"),
        ] {
            let why = Witness::parse_all(&text).expect_err("refused");
            assert!(why.contains(said) && !why.contains("sesame"), "{why}");
        }
    }

    #[test]
    fn the_keys_of_watched_logs_are_those_of_logs() {
        let log = "log.example+8fc95d83+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(parse_logs(&format!("{log}, {log}")).expect("keys").len(), 1);
        assert!(parse_logs(KEY).expect_err("a witness's").contains("not an Ed25519 key"));
    }

    const NOTE: &str = "log.example\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        \u{2014} log.example Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

    #[test]
    fn a_request_is_read_back_as_it_was_written() {
        for proof in [vec![], vec![Hash([1; 32]), Hash([2; 32])] as Vec<Hash>] {
            let asked = read_request(request(7, &proof, NOTE).as_bytes()).expect("a request");
            assert_eq!((asked.old, &asked.proof, asked.note.as_str()), (7, &proof, NOTE));
            assert_eq!((asked.checkpoint.origin(), asked.checkpoint.size()), ("log.example", 20_852_163));
        }
    }

    #[test]
    fn what_is_no_request_is_none() {
        let hash = Hash([1; 32]);
        for wrong in [
            String::new(),
            NOTE.to_owned(),
            format!("old 07\n\n{NOTE}"),
            format!("old -1\n\n{NOTE}"),
            format!("old 7\nno hash\n\n{NOTE}"),
            format!("old 7\n\n{}", NOTE.replace("20852163", "020852163")),
            format!("old 7\n\n{}", NOTE.replace("20852163", "9223372036854775807")),
            format!("old 7\n\n{}", NOTE.split("\n\n").next().unwrap_or_default()),
            request(7, &[hash; 64], NOTE),
        ] {
            assert!(read_request(wrong.as_bytes()).is_none(), "{wrong}");
        }
        assert!(read_request(request(7, &[hash; 63], NOTE).as_bytes()).is_some());
        assert!(read_request(b"old 7\n\n\xff").is_none());
    }
}
