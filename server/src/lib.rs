//! The server beside the widgets: static files, the proxy to the real APIs, and the sandbox that stands in for them.
//!
//! An app is a function that returns the router: [`app`] takes [`Settings`] and needs no socket, so tests call it
//! directly; [`serve`] binds, prints the address and stops on a signal. The way of a request:
//!
//! 1. [`envelope`]: request id, security headers, CORS, one log line;
//! 2. [`path`]: anything unclean ends here, [`route`]: the five endpoints and nothing else;
//! 3. [`proxy`]: method, origin, media type, size and [`query`] parameters, errors in the [`shape`] of the API called;
//! 4. [`who`]: who asks, whether they may, and a line of audit;
//! 5. [`desk`]: what is asked of an upstream at all: cache, queue, back-off, retries;
//! 6. [`upstream`]: the real API with our credential, over connections that are kept, or the [`sandbox`];
//! 7. [`files`]: everything outside `/api/`;
//! 8. [`operate`]: what an operator looks at, and the [`metrics`] of all of it.
//!
//! [`watch`] reads keys and rules again when their files change; [`inspect`] shows and checks the configuration.
//!
//! # The sandbox
//! An API without its `--…-url` is answered by the sandbox, behind the same checks as the proxy. **Every price, rate,
//! balance and adjustment in it is invented**: none is DigiCert's, and none may be used to predict one. Its answers are
//! deterministic and carry `X-Certquote-Sandbox: 1`.
//!
//! ## Names that provoke trouble
//! Anywhere in `dns_names`, as they are or below a further label (`www.denied.test`, `*.denied.test`):
//!
//! | name | answer of `order-pricing` |
//! |---|---|
//! | `no-estimate.test` | 200, every amount zero: no estimate can be determined |
//! | `tax-error.test` | 200, a price with `tax` `"0.00"` and `tax_error` true |
//! | `slow.test` | the price, after 5 seconds |
//! | `rate-limited.test` | 429 `request_limit_exceeded` with `Retry-After: 5` |
//! | `denied.test` | 403 `access_denied\|access_denied_invalid_key` |
//! | `unavailable.test` | an HTML page with status 502 |
//! | `garbled.test` | 200 with JSON that is cut off |
//!
//! ## Ids that provoke trouble
//! As `container_id`, as a subaccount's id, or as the last group of Frontier's billing id
//! (`00000000-0000-0000-0000-000000000403`):
//!
//! | id | answer |
//! |---|---|
//! | `403` | the key or the account is refused (`access_denied\|access_denied_invalid_key`; Frontier: code 7) |
//! | `4031` | the key lacks a role (`access_denied\|missing_permission`; Frontier: code 7) |
//! | `404` | not found |
//! | `429` | rate limited, `Retry-After: 5` |
//! | `502` | an HTML page with status 502 |
//! | `998` | 200 without a balance |
//! | `999` | 200 with JSON that is cut off |
//! | `5000` | the ordinary answer, after 5 seconds |
//!
//! ## Accounts
//! | id | `container_id` | subaccount | Frontier billing id (last group) |
//! |---|---|---|---|
//! | any other, or none | 8123.45 USD, credit limit 2000, 125 unpaid | 5000 USD | 1200 VC |
//! | `2` | −1000.70 USD, unlimited credit | −350 USD | −350 VC |
//! | `3` | −350.25 USD, credit limit 2000 | 0 USD | zero, its `amount` left out |
//! | `4` | as any other | 1234.5 EUR | 9007199254740993 VC |
//!
//! The history of a container holds 3,000 adjustments (`--sandbox-adjustments` changes that) up to 20 November 2026; the
//! newest `balance_after` is the container's balance.
//!
//! ## Add-ons
//! `sandbox-token`, `sandbox-keylocker`, `sandbox-expedited` and `9001` are known; any other id is refused.
//! How names are counted and what they cost is told in [`sandbox`].

use std::sync::Arc;

use axum::Router;

pub mod config;
mod connections;
pub mod desk;
pub mod envelope;
pub mod files;
pub mod inspect;
pub mod metrics;
pub mod operate;
pub mod origin;
pub mod path;
mod pool;
pub mod proxy;
pub mod query;
pub mod route;
pub mod sandbox;
pub mod secret;
pub mod serve;
pub mod settings;
pub mod shape;
pub mod upstream;
pub mod watch;
pub mod who;

pub use settings::{Limits, Settings};

/// The whole server as a router, ready to be served or called.
pub fn app(settings: Settings) -> Router {
    Router::new().fallback(envelope::answer).with_state(Arc::new(proxy::State::new(settings)))
}
