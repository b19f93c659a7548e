//! The line to an S3 server of this machine, which can be told to fail.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// How the service behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Works,
    /// It takes nothing more.
    Full,
    /// It hangs up.
    Away,
}

/// A port in front of another one.
pub struct Line {
    pub port: u16,
    manner: Arc<AtomicU8>,
}

impl Line {
    /// A line to the server at this port, until the process ends.
    pub fn to(server: u16) -> Self {
        let manner = Arc::new(AtomicU8::new(Manner::Works as u8));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let port = listener.local_addr().expect("an address").port();
        let told = manner.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a socket");
                loop {
                    let (client, _) = listener.accept().await.expect("a connection");
                    // Whoever hangs up has reasons.
                    tokio::spawn(carry(client, server, told.load(Ordering::Acquire)));
                }
            });
        });
        Self { port, manner }
    }

    /// From the next request on.
    pub fn set(&self, manner: Manner) {
        self.manner.store(manner as u8, Ordering::Release);
    }
}

/// One request; the connection ends with it, so that each is answered as it was last said.
async fn carry(mut client: TcpStream, server: u16, manner: u8) -> io::Result<()> {
    if manner == Manner::Away as u8 {
        return Ok(());
    }
    let mut read = Vec::new();
    let end = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if client.read_buf(&mut read).await? == 0 {
            return Ok(());
        }
    };
    let body = read.split_off(end);
    let head = String::from_utf8_lossy(&read).into_owned();
    if manner == Manner::Full as u8 && (head.starts_with("PUT ") || head.starts_with("POST ")) {
        let mut left = length(&head).saturating_sub(body.len());
        let mut piece = vec![0; 64 * 1024];
        while left > 0 {
            let n = client.read(&mut piece).await?;
            if n == 0 {
                return Ok(());
            }
            left = left.saturating_sub(n);
        }
        let answer = "HTTP/1.1 507 Insufficient Storage\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        client.write_all(answer.as_bytes()).await?;
        return client.shutdown().await;
    }
    let mut server = TcpStream::connect(("127.0.0.1", server)).await?;
    server.write_all(head.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes()).await?;
    server.write_all(&body).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Bytes of the body that a head announces.
fn length(head: &str) -> usize {
    let lines = head.lines().map(str::to_ascii_lowercase);
    let found = lines.filter_map(|line| line.strip_prefix("content-length:").map(|n| n.trim().parse()));
    found.flatten().next().unwrap_or_default()
}
