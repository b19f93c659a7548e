//! An S3 server in this process, over HTTP on the loopback; its buckets are folders.

use std::path::Path;

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};

/// Who may speak to it, and with what.
pub const ACCESS: (&str, &str) = ("ours", "secret");

/// Serves the folders below `root` as buckets until the process ends; gives the port.
pub fn serve(root: &Path) -> u16 {
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).expect("a folder"));
    service.set_auth(SimpleAuth::from_single(ACCESS.0, ACCESS.1));
    let service = service.build();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    std::thread::spawn(move || {
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let service = service.clone();
                tokio::spawn(async move {
                    let server = auto::Builder::new(TokioExecutor::new());
                    // A client that goes away is no fault of the server's.
                    drop(server.serve_connection(TokioIo::new(stream), service).await);
                });
            }
        });
    });
    port
}
