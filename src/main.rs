//! Parses the command line and hands over.

use std::process::ExitCode;

/// Gives back what a large page or paper took: the system's own keeps it for every thread that once had it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Two megabytes at a time would be taken for each little that a thread keeps: half as much again at rest. Where the
    // system can't be told, it is memory and nothing else.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    lead_handoff::cli::main()
}
