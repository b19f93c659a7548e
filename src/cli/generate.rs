//! `lead-handoff generate`: synthetic leads in any number, for load tests.

use std::time::Instant;

use super::{Common, demo as demo_cli, progress::Progress};
use crate::{
    app,
    demo::synthetic::{self, Order},
    platform::error::Result,
};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Makes leads of 2019 to 2025 with subjects, sites, listings, evidence, dossiers, approvals, transfers, \
    cases and outcomes. Every row is marked synthetic; nothing is mailed.\n\n\
    The same --seed and --leads give the same data: ids, texts, dates, states, links and amounts. Not the same are the \
    folder's own things: accounts, agencies, keys and what they sign, entries of the audit log; and the numbers of leads, \
    transfers and dossiers, which go on from those that the folder has.\n\n\
    Evidence is a handful of files that all leads share. Dossiers have their hashes, approvals and seals, but no papers; \
    their packages are one empty archive, which `verify` refuses.\n\n\
    A folder in which nobody has an account yet becomes a demo's: it gets agencies and an account of every role, whose \
    passwords are printed. A demo's folder is filled further. Any other is refused: the leads would enter its annual \
    reports.\n\n\
    Example:\n  lead-handoff generate --data ./load-data --leads 100000 --seed 7"
)]
pub struct Args {
    #[command(flatten)]
    common: Common,
    /// How many leads.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    leads: u32,
    /// What the data are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Generates beside real data, into their annual reports. Make a backup first.
    #[arg(long)]
    yes_mix_with_real_data: bool,
}

/// # Errors
/// The folder is not for this; settings or stores can't be used.
pub fn run(args: &Args) -> Result<()> {
    let settings = args.common.settings(None, "./data")?;
    let services = app::open(settings, app::system_clock())?;
    if let Some(accounts) = synthetic::settle_in(&services)? {
        let mark = services.settings.data.join(demo_cli::MARK);
        demo_cli::write_private(&mark, &serde_json::to_vec_pretty(&accounts)?)?;
        demo_cli::say(&services, &accounts);
    }
    let order = Order { leads: args.leads, seed: args.seed, mix: args.yes_mix_with_real_data };
    let begun = Instant::now();
    let mut shown = Progress::of("Lead", args.leads as usize);
    let made = synthetic::generate(&services, &order, &mut |n| shown.tell(n as usize))?;
    app::settle(&services)?;
    let seconds = begun.elapsed().as_secs_f64();
    let leads = super::counted(args.leads as usize, "lead");
    tell!("{leads}, {} to {}, in {seconds:.1} s.", made.first, made.last);
    Ok(())
}
