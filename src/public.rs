//! The public values as the page gets them, name by name: plain objects, `null` for what is not there. `serde` says the
//! same of them to who uses the library, and takes 13 KB more.

use crate::balance::{AccountDetails, Balance};
use crate::draft::{BillingAddress, Draft, OrderValidity};
use crate::error::{CertError, Evidence, FieldError};
use crate::funds::Funds;
use crate::json::{ToJson, Writer};
use crate::low::LowBalance;
use crate::quote::{AddonLine, Line, Quote};

impl ToJson for Quote {
    fn write(&self, out: &mut Writer) {
        let mut quote = out.object();
        quote
            .member("draft", &self.draft)
            .member("lines", &self.lines)
            .member("total", &self.total)
            .member("currency", &self.currency)
            .member("tax_error", &self.tax_error)
            .member("unknown", &self.unknown)
            .member("account_balance", &self.account_balance)
            .member("funds", &self.funds)
            .member("priced_at", &self.priced_at)
            .filled("addon_details", &self.addon_details);
        if self.sandbox {
            quote.member("sandbox", &true);
        }
    }
}

impl ToJson for Line {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("line", &self.line.as_str())
            .member("amount", &self.amount)
            .filled("units", &self.units);
    }
}

impl ToJson for AddonLine {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("product_id", &self.product_id)
            .member("units", &self.units)
            .member("price", &self.price)
            .member("subtotal", &self.subtotal);
    }
}

impl ToJson for Funds {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("available", &self.available)
            .member("after", &self.after)
            .member("shortfall", &self.shortfall)
            .member("unlimited", &self.unlimited);
    }
}

impl ToJson for Draft {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("dns_names", &self.dns_names)
            .member("product_name_id", &self.product_name_id)
            .member("order_validity", &self.order_validity)
            .filled("addons", &self.addons)
            .filled("is_out_of_contract", &self.is_out_of_contract)
            .filled("renewal_of_order_valid_till", &self.renewal_of_order_valid_till)
            .filled("billing_address", &self.billing_address);
    }
}

impl ToJson for OrderValidity {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Years(years) => out.object().member("years", years),
            Self::Days(days) => out.object().member("days", days),
            Self::CustomExpirationDate(date) => out.object().member("custom_expiration_date", date),
        };
    }
}

impl ToJson for BillingAddress {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("country", &self.country)
            .member("state", &self.state)
            .member("city", &self.city)
            .member("zip", &self.zip);
    }
}

impl ToJson for Balance {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("source", &self.source.as_str())
            .member("amount", &self.amount)
            .member("currency", &self.currency)
            .member("fetched_at", &self.fetched_at)
            .member("available", &self.available)
            .member("unlimited", &self.unlimited)
            .member("updated_at", &self.updated_at)
            .filled("details", &self.details);
    }
}

impl ToJson for AccountDetails {
    fn write(&self, out: &mut Writer) {
        out.object()
            .filled("unpaid_invoice_balance", &self.unpaid_invoice_balance)
            .filled("negative_balance_limit", &self.negative_balance_limit)
            .filled("used_credit_from_other_containers", &self.used_credit_from_other_containers)
            .filled("total_available_funds", &self.total_available_funds);
    }
}

impl ToJson for LowBalance {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("level", &self.level.as_str())
            .member("amount", &self.amount)
            .member("threshold", &self.threshold)
            .member("currency", &self.currency);
    }
}

impl ToJson for CertError {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("code", &self.code.as_str())
            .member("message", &self.message)
            .member("endpoint", &self.endpoint)
            .member("status", &self.status.map(u32::from))
            .member("retryable", &self.retryable)
            .member("retry_after_ms", &self.retry_after_ms)
            .member("upstream_codes", &self.upstream_codes)
            .member("fields", &self.fields)
            .filled("request_id", &self.request_id)
            .filled("evidence", &self.evidence);
    }
}

impl ToJson for FieldError {
    fn write(&self, out: &mut Writer) {
        out.object().member("field", &self.field).member("message", &self.message);
    }
}

impl ToJson for Evidence {
    fn write(&self, out: &mut Writer) {
        out.object()
            .filled("path", &self.path)
            .filled("detail", &self.detail)
            .member("excerpt", &self.excerpt);
    }
}
