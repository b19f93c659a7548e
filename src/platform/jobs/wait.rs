//! Asynchronous work (the vault, the network) from inside a job, which runs on a thread that may block.

use std::{future::Future, sync::OnceLock};

use tokio::runtime::{Builder, Runtime};

use crate::platform::error::Result;

/// One runtime for all jobs: connections to a bucket outlive the job that opened them.
fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok(RUNTIME.get_or_init(|| made))
}

/// Waits for `future` on this thread, which must be one that may block.
///
/// # Errors
/// The runtime can't be started.
pub fn wait<F: Future>(future: F) -> Result<F::Output> {
    Ok(runtime()?.block_on(future))
}
