//! Parses the command line and hands over.

use std::process::ExitCode;

/// Gives back what a large page or paper took: the system's own keeps it for every thread that once had it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lead_handoff::cli::main()
}
