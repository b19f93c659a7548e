//! The program itself as a process of its own, on the data and database of a `TestApp`: what is ended, ends for real.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::Receiver,
    time::Duration,
};

use super::{Browser, TestApp};

/// How long a start may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `lead-handoff serve`; killed when dropped.
pub struct Process {
    child: Child,
    pub base: String,
    said: Receiver<String>,
}

fn port() -> u16 {
    // Free a moment ago; the server says so if somebody else was quicker.
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}

fn command(data: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lead-handoff"));
    command
        .env("LANG", "en_GB.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LEAD_HANDOFF_DATA", data)
        .env("RUST_LOG", "error");
    match database {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.env_remove("DATABASE_URL"),
    };
    command
}

/// Runs a command of the program to its end.
pub fn run(data: &Path, database: Option<&str>, args: &[&str]) -> Output {
    run_with(data, database, &[], args)
}

/// As `run`, with more settings from the environment.
pub fn run_with(data: &Path, database: Option<&str>, settings: &[(&str, &str)], args: &[&str]) -> Output {
    command(data, database).envs(settings.iter().copied()).args(args).output().expect("the program")
}

/// The same program and variables, but no file may grow beyond `blocks` of 512 bytes.
fn within(program: &Command, blocks: u32, args: &[&str]) -> Command {
    let mut shell = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    shell.arg("-c").arg(script).arg(program.get_program()).args(args);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// As `run`, on a disk that takes no file beyond `blocks` of 512 bytes.
pub fn run_within(data: &Path, database: Option<&str>, blocks: u32, args: &[&str]) -> Output {
    within(&command(data, database), blocks, args).output().expect("the program")
}

/// Begins a command, to be ended whenever that is wanted; what it says is lost.
pub fn begin(data: &Path, database: Option<&str>, args: &[&str]) -> Child {
    let mut command = command(data, database);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program")
}

/// Runs a command whose standard output is closed before it says a word.
pub fn run_unheard(data: &Path, database: Option<&str>, args: &[&str]) -> Output {
    let mut command = command(data, database);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    drop(child.stdout.take());
    child.wait_with_output().expect("its end")
}

impl Process {
    /// Serves the data folder, with more settings from the environment.
    pub fn serve(data: &Path, database: Option<&str>, settings: &[(&str, &str)]) -> Self {
        let mut command = command(data, database);
        command.arg("serve").envs(settings.iter().copied());
        Self::start(command)
    }

    /// As `serve`, with what it logs written to the file `log`, at the level `level`.
    pub fn serve_logging(data: &Path, database: Option<&str>, level: &str, log: &Path) -> Self {
        let mut command = command(data, database);
        command.arg("serve").env("RUST_LOG", level).stderr(std::fs::File::create(log).expect("the log"));
        Self::start(command)
    }

    /// As `serve`, but no file may grow beyond `blocks` of 512 bytes: a disk that is full, without a disk.
    pub fn serve_within(data: &Path, database: Option<&str>, blocks: u32) -> Self {
        Self::start(within(&command(data, database), blocks, &["serve"]))
    }

    fn start(mut command: Command) -> Self {
        let address = format!("127.0.0.1:{}", port());
        command.env("LEAD_HANDOFF_LISTEN", &address).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let lines = BufReader::new(child.stdout.take().expect("its words")).lines();
        let (send, said) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            // Nobody may be listening any more; the pipe is emptied all the same.
            lines.map_while(Result::ok).for_each(|line| drop(send.send(line)));
        });
        let mut process = Self { child, base: format!("http://{address}"), said };
        process.says("Lead Handoff: ");
        process.answers();
        process
    }

    /// Waits for an answer: only a server that answers has learned to end when it is told to.
    #[track_caller]
    fn answers(&self) {
        let host = self.base.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let request = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Waits for a line that begins so; gives the rest of it.
    #[track_caller]
    pub fn says(&mut self, begin: &str) -> String {
        loop {
            let line = self.said.recv_timeout(PATIENCE).expect("it says something");
            if let Some(rest) = line.strip_prefix(begin) {
                return rest.to_owned();
            }
        }
    }

    /// A browser of nobody.
    pub fn stranger(&self) -> Browser {
        super::browser(&self.base, None)
    }

    /// The browser of somebody who is signed in already, at this server.
    pub fn browser(&self, of: &Browser) -> Browser {
        Browser { client: of.client.clone(), base: self.base.clone() }
    }

    /// Ends it at once, in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Waits until it ends by itself.
    pub fn ends(&mut self) -> std::process::ExitStatus {
        self.child.wait().expect("ended")
    }

    /// Asks it to end, and waits for it.
    pub fn stop(&mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
        self.child.wait().expect("ended")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl TestApp {
    /// A server process beside the one in this process, on the same data.
    pub fn process(&self, settings: &[(&str, &str)]) -> Process {
        Process::serve(self.data.path(), self.database.url.as_deref(), settings)
    }

    /// `lead-handoff check` of all that is stored.
    #[track_caller]
    pub fn expect_in_order(&self) {
        let done = run(self.data.path(), self.database.url.as_deref(), &["check"]);
        let words = [done.stdout, done.stderr].concat();
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&words));
    }
}
