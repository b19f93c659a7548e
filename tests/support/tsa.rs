//! An authority for time stamps, on the loopback: `openssl ts` behind a small HTTP server, as good or bad as it is told to be.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As it is asked.
    Good,
    /// It is down: nothing is said.
    Away,
    /// With a stamp over something else.
    OtherImprint,
    /// With a stamp of somebody whom nobody knows.
    OtherRoot,
    /// By a certificate that is for letters.
    Unpurposed,
    /// Signed anew, by a certificate that is as it should be.
    Anew,
    /// By a certificate that says only by the way that it is for time stamps (RFC 3161 2.3 wants it critical).
    ByTheWay,
    /// By a certificate that is for time stamps, and for letters.
    TwoPurposes,
    /// By a certificate that says of no purpose.
    NoPurpose,
    /// Without the name of its certificate among what is signed.
    Unnamed,
    /// Signed without any attributes.
    Bare,
    /// Signed by two.
    Twice,
    /// Signed over SHA-1.
    OldHash,
    /// By a certificate that is signed over SHA-1.
    OldChain,
    /// It gives no stamp now.
    Refuses,
    /// Something between answers with a page.
    Page,
}

/// A running authority; it ends with the test's process.
pub struct Authority {
    pub url: String,
    folder: tempfile::TempDir,
    manner: Arc<Mutex<Manner>>,
    asked: Arc<AtomicUsize>,
}

const CONFIG: &str = "
[req]
distinguished_name = name
prompt = no
[name]
CN = Test Root
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamps]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[letters]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,emailProtection
[bytheway]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
keyUsage = critical,digitalSignature
extendedKeyUsage = timeStamping
[two]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping,emailProtection
[none]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
keyUsage = critical,digitalSignature
[tsa]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
clock_precision_digits = 3
ess_cert_id_alg = sha256
";

/// Runs `openssl` in a folder.
fn openssl(folder: &Path, args: &str) -> Output {
    let done = Command::new("openssl").current_dir(folder).args(args.split_whitespace()).output();
    done.expect("openssl can be run")
}

fn made(folder: &Path, args: &str) {
    let done = openssl(folder, args);
    assert!(done.status.success(), "openssl {args}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A root, and a certificate for time stamps that it signed.
fn certified(folder: &Path, name: &str) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf";
    made(
        folder,
        &format!("req -x509 {key} -keyout {name}-ca.key -out {name}-ca.pem -days 30 -extensions ca"),
    );
    signed(folder, name, name, "-extensions stamps");
}

/// A certificate that a root signed.
fn signed(folder: &Path, root: &str, name: &str, how: &str) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf";
    made(folder, &format!("req -new {key} -keyout {name}.key -out {name}.csr -subj /CN=Test-TSA"));
    made(
        folder,
        &format!(
            "x509 -req -in {name}.csr -CA {root}-ca.pem -CAkey {root}-ca.key -CAcreateserial -days 30 \
             -extfile tsa.cnf {how} -out {name}.pem"
        ),
    );
}

/// What the answer in `answer.tsr` says, signed anew in a manner that `openssl ts` does not have.
fn signed_anew(folder: &Path, manner: Manner) -> std::io::Result<Vec<u8>> {
    made(folder, "ts -reply -in answer.tsr -token_out -out token.der");
    made(folder, "cms -verify -noverify -inform DER -in token.der -binary -out info.der");
    let how = match manner {
        Manner::Unpurposed => {
            signed(folder, "ours", "letter", "-extensions letters");
            "-md sha256 -signer letter.pem -inkey letter.key -cades"
        }
        Manner::Anew | Manner::ByTheWay | Manner::TwoPurposes | Manner::NoPurpose => {
            "-md sha256 -signer own.pem -inkey own.key -cades"
        }
        Manner::Unnamed => "-md sha256 -signer ours.pem -inkey ours.key",
        Manner::Bare => "-md sha256 -signer ours.pem -inkey ours.key -noattr",
        // Told by their keys' identifiers, which PKCS #7 does not have.
        Manner::Twice => {
            signed(folder, "ours", "second", "-extensions stamps");
            "-md sha256 -signer ours.pem -inkey ours.key -signer second.pem -inkey second.key -cades -keyid"
        }
        Manner::OldHash => "-md sha1 -signer ours.pem -inkey ours.key -cades",
        _ => {
            signed(folder, "ours", "old", "-extensions stamps -sha1");
            "-md sha256 -signer old.pem -inkey old.key -cades"
        }
    };
    let kind = "-econtent_type 1.2.840.113549.1.9.16.1.4";
    made(
        folder,
        &format!("cms -sign -in info.der -binary -nodetach -outform DER {kind} {how} -out token.der"),
    );
    let inside = [vec![0x30, 3, 2, 1, 0], std::fs::read(folder.join("token.der"))?].concat();
    let length = u16::try_from(inside.len()).expect("a short token").to_be_bytes();
    Ok([vec![0x30, 0x82], length.to_vec(), inside].concat())
}

impl Authority {
    pub fn new(manner: Manner) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("tsa.cnf"), CONFIG).expect("written");
        certified(folder.path(), "ours");
        certified(folder.path(), "other");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/tsr", listener.local_addr().expect("an address"));
        let manner = Arc::new(Mutex::new(manner));
        let asked = Arc::new(AtomicUsize::new(0));
        let (place, how, count) = (folder.path().to_owned(), manner.clone(), asked.clone());
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                let manner = *how.lock().expect("a manner");
                count.fetch_add(1, Ordering::AcqRel);
                // Who hangs up has heard enough.
                let _ = answer(line, &place, manner);
            }
        });
        Self { url, folder, manner, asked }
    }

    /// How many times somebody has come to ask.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Acquire)
    }

    pub fn becomes(&self, manner: Manner) {
        *self.manner.lock().expect("a manner") = manner;
    }

    /// The file with its root.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("ours-ca.pem")
    }

    /// The file with a root that it does not lead to.
    pub fn other_root(&self) -> PathBuf {
        self.folder.path().join("other-ca.pem")
    }

    /// The settings that name it.
    pub fn settings(&self) -> [(&'static str, String); 2] {
        [
            ("LEAD_HANDOFF_TIMESTAMP_URL", self.url.clone()),
            ("LEAD_HANDOFF_TIMESTAMP_CA", self.root().display().to_string()),
        ]
    }

    /// Whether `openssl ts` finds an answer to be a stamp over these bytes.
    pub fn agrees(&self, answer: &[u8], over: &[u8]) -> bool {
        let folder = self.folder.path();
        std::fs::write(folder.join("got.tsr"), answer).expect("written");
        std::fs::write(folder.join("over"), over).expect("written");
        let done = openssl(folder, "ts -verify -in got.tsr -data over -CAfile ours-ca.pem");
        done.status.success()
    }
}

fn answer(line: TcpStream, folder: &Path, manner: Manner) -> std::io::Result<()> {
    if manner == Manner::Away {
        return Ok(());
    }
    let mut reader = BufReader::new(line.try_clone()?);
    let mut length = 0;
    loop {
        let mut head = String::new();
        if reader.read_line(&mut head)? == 0 || head.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = head.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut question = vec![0; length];
    reader.read_exact(&mut question)?;
    std::fs::write(folder.join("question.tsq"), &question)?;
    if manner == Manner::OtherImprint {
        let digest = "07".repeat(32);
        made(folder, &format!("ts -query -digest {digest} -sha256 -cert -out question.tsq"));
    }
    // Made before the stamp, at whose time it has to be valid already.
    match manner {
        Manner::Anew => signed(folder, "ours", "own", "-extensions stamps"),
        Manner::ByTheWay => signed(folder, "ours", "own", "-extensions bytheway"),
        Manner::TwoPurposes => signed(folder, "ours", "own", "-extensions two"),
        Manner::NoPurpose => signed(folder, "ours", "own", "-extensions none"),
        _ => {}
    }
    let name = if manner == Manner::OtherRoot { "other" } else { "ours" };
    made(
        folder,
        &format!(
            "ts -reply -queryfile question.tsq -config tsa.cnf -section tsa -signer {name}.pem \
             -inkey {name}.key -out answer.tsr"
        ),
    );
    let mut kind = "application/timestamp-reply";
    let bytes = match manner {
        Manner::Good | Manner::Away | Manner::OtherImprint | Manner::OtherRoot => {
            std::fs::read(folder.join("answer.tsr"))?
        }
        // "rejection", without a token.
        Manner::Refuses => vec![0x30, 5, 0x30, 3, 2, 1, 2],
        Manner::Page => {
            kind = "text/html";
            b"<p>Sign in to this network.</p>".to_vec()
        }
        _ => signed_anew(folder, manner)?,
    };
    let mut line = line;
    write!(
        line,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        bytes.len()
    )?;
    line.write_all(&bytes)
}
