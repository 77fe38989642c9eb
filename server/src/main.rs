//! The binary: flags in, server out.

use std::process::ExitCode;

use certquote_server::config::Args;
use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match certquote_server::serve::run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("certquote-server: {error}");
            ExitCode::FAILURE
        }
    }
}
