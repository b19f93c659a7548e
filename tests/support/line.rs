//! The line between somebody's browser and a server of this machine: as slow as it is told to be, or cut.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::watch,
};

/// What lies on the way at a time, in bytes: what has left a browser has then nearly arrived.
const PIECE: usize = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Whole,
    /// Upwards so many bytes a second.
    Steady(usize),
    /// What is on its way is lost, and nothing goes through.
    Cut,
}

/// A port in front of another one.
pub struct Line {
    pub base: String,
    state: watch::Sender<State>,
}

impl Line {
    /// A whole line to the server at this address, until the process ends.
    pub fn to(server: &str) -> Self {
        let server = server.trim_start_matches("http://").to_owned();
        let (state, told) = watch::channel(State::Whole);
        let (send, receive) = std::sync::mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let socket = TcpSocket::new_v4().expect("a socket");
                socket.set_recv_buffer_size(PIECE as u32).expect("a buffer");
                socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
                let listener = socket.listen(64).expect("a port");
                send.send(listener.local_addr().expect("an address")).expect("told");
                loop {
                    let (client, _) = listener.accept().await.expect("a connection");
                    // Whoever hangs up has reasons.
                    tokio::spawn(carry(client, server.clone(), told.clone()));
                }
            });
        });
        Self { base: format!("http://{}", receive.recv().expect("a port")), state }
    }

    /// From now on, for what is on its way too.
    pub fn set(&self, state: State) {
        self.state.send_replace(state);
    }
}

async fn carry(mut client: TcpStream, server: String, mut told: watch::Receiver<State>) -> io::Result<()> {
    let at = told.clone();
    let way = async {
        let mut server = TcpStream::connect(server).await?;
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let up = async {
            let mut piece = vec![0; PIECE];
            loop {
                let n = from_client.read(&mut piece).await?;
                if n == 0 {
                    return to_server.shutdown().await;
                }
                to_server.write_all(&piece[..n]).await?;
                let state = *at.borrow();
                if let State::Steady(rate) = state {
                    tokio::time::sleep(Duration::from_secs_f64(n as f64 / rate as f64)).await;
                }
            }
        };
        let down = async {
            tokio::io::copy(&mut from_server, &mut to_client).await?;
            to_client.shutdown().await
        };
        tokio::try_join!(up, down).map(drop)
    };
    tokio::select! {
        ended = way => ended,
        // Both ends see it break.
        _ = told.wait_for(|state| *state == State::Cut) => Ok(()),
    }
}
