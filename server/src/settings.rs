//! What the app runs on, read and checked: the flags of [`crate::config`] turned into things that work.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::desk::Asking;
use crate::operate::Operate;
use crate::origin::AllowedOrigins;
use crate::upstream::Upstream;
use crate::watch::Watch;
use crate::who::Who;

/// Everything [`crate::app`] needs.
#[derive(Debug)]
pub struct Settings {
    /// The folder of static files; it need not exist.
    pub assets: PathBuf,
    /// What answers `/api/digicert/`.
    pub digicert: Arc<Upstream>,
    /// What answers `/api/frontier/`.
    pub frontier: Arc<Upstream>,
    /// Portals on other origins.
    pub allowed: AllowedOrigins,
    /// Sizes and times.
    pub limits: Limits,
    /// Who may ask, and for what.
    pub who: Who,
    /// The files behind all this that may change while it runs.
    pub watches: Vec<Watch>,
    /// What an operator looks at.
    pub operate: Operate,
    /// How little an upstream is asked.
    pub asking: Asking,
}

/// Sizes in bytes and times; the defaults are the contract's.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For all that an upstream has to do with a request: waiting for it, every try, the whole answer.
    pub upstream: Duration,
    /// For a browser to send its body.
    pub request: Duration,
    /// The largest request body.
    pub request_body: usize,
    /// The largest answer of an upstream.
    pub answer_body: usize,
    /// The largest page of the history, up to a thousand adjustments.
    pub history_body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upstream: Duration::from_secs(10),
            request: Duration::from_secs(10),
            request_body: 256 * 1024,
            answer_body: 1024 * 1024,
            history_body: 32 * 1024 * 1024,
        }
    }
}
