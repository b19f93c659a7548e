//! (to come)
use std::process::ExitCode;

/// (to come)
#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(_: Args) -> ExitCode {
    ExitCode::from(2)
}
