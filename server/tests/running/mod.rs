//! The binary as a process: started on a free port, asked over a socket, ended by a signal.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(unreachable_pub, reason = "a module of each test, not of a crate")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};

pub struct Running {
    pub child: Child,
    pub address: String,
    /// Of the operator's own listener, where there is one.
    pub metrics: Option<String>,
    /// Kept, so that the server may go on writing.
    _out: Lines<BufReader<ChildStdout>>,
}

pub fn command(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certquote-server"));
    command.env_clear().args(flags).kill_on_drop(true).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub async fn start(flags: &[&str], env: &[(&str, &str)]) -> Running {
    let free = if flags.contains(&"--listen") { &[][..] } else { &["--listen", "127.0.0.1:0"] };
    let mut child = command(&[free, flags].concat()).envs(env.iter().copied()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut metrics = None;
    loop {
        let line = out.next_line().await.unwrap().unwrap();
        if let Some(address) = line.strip_prefix("listening on http://") {
            return Running { child, address: address.to_owned(), metrics, _out: out };
        }
        metrics = Some(line.strip_prefix("metrics on http://").unwrap().to_owned());
    }
}

impl Running {
    pub fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits for the end: its status and its log.
    pub async fn ended(self) -> (Option<i32>, String) {
        let output = self.child.wait_with_output().await.unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The whole answer to a `GET` on a connection of its own.
pub async fn get(address: &str, path: &str) -> String {
    send(address, format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await
}

/// Sends bytes and reads until the end.
pub async fn send(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // Whoever refuses a body may close before it is through.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
