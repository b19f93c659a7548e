//! An authority for time stamps, on the loopback: `openssl ts` behind a small HTTP server, as good or bad as it is told to be.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Arc, Mutex},
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
}

/// A running authority; it ends with the test's process.
pub struct Authority {
    pub url: String,
    folder: tempfile::TempDir,
    manner: Arc<Mutex<Manner>>,
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
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
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
    made(folder, &format!("req -new {key} -keyout {name}.key -out {name}.csr -subj /CN=Test-TSA"));
    made(
        folder,
        &format!(
            "x509 -req -in {name}.csr -CA {name}-ca.pem -CAkey {name}-ca.key -CAcreateserial -days 30 \
             -extfile tsa.cnf -extensions stamps -out {name}.pem"
        ),
    );
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
        let (place, how) = (folder.path().to_owned(), manner.clone());
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                let manner = *how.lock().expect("a manner");
                // Who hangs up has heard enough.
                let _ = answer(line, &place, manner);
            }
        });
        Self { url, folder, manner }
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
    let name = if manner == Manner::OtherRoot { "other" } else { "ours" };
    made(
        folder,
        &format!(
            "ts -reply -queryfile question.tsq -config tsa.cnf -section tsa -signer {name}.pem \
             -inkey {name}.key -out answer.tsr"
        ),
    );
    let bytes = std::fs::read(folder.join("answer.tsr"))?;
    let mut line = line;
    write!(
        line,
        "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        bytes.len()
    )?;
    line.write_all(&bytes)
}
