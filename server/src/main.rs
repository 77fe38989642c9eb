//! The binary: flags in, server out.

use std::io::Write as _;
use std::process::ExitCode;

use certquote_server::config::Args;
use certquote_server::{inspect, serve};
use clap::{CommandFactory as _, FromArgMatches as _};

/// Each request makes and drops a hundred small things, most of them on the thread that made them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let matches = Args::command().get_matches();
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let (only_looks, check, print) =
        (args.inspect.only_looks(), args.inspect.check, args.inspect.print_config);
    // Whoever closes standard output early wanted no more of it.
    let mut out = std::io::stdout();
    if print {
        let _ = out.write_all(inspect::effective(&matches, |name| std::env::var(name).ok()).as_bytes());
    }
    let ended = if only_looks { serve::check(args).await } else { serve::run(args).await };
    if check && ended.is_ok() {
        let _ = writeln!(out, "the configuration can be used");
    }
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("certquote-server: {error}");
            ExitCode::FAILURE
        }
    }
}
