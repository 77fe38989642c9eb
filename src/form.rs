//! The form as it stands, every field as the text that was typed: nothing typed is ever lost, and what cannot be sent is
//! told field by field.
//!
//! [`Form`] is what the controls show, [`LooseDraft`] what a page sets and reads, [`Form::check`] what turns it into a
//! [`Draft`] that can be sent.

use std::ops::Range;
use std::rc::Rc;

use crate::address::{self, AddressField};
use crate::advice::Advice;
use crate::config::{Config, is_addon_id};
use crate::date::Date;
use crate::draft::{BillingAddress, Draft, OrderValidity};
use crate::names::{self, Check, NameList};
use crate::problem::{Field, Group, Problem, Reason};
use crate::products::{self, Product};
use crate::validity::{self, OrderLength};

mod change;
mod loose;

use change::Changes;
pub use change::{Paste, Reading, Said, Source};
use loose::is_true;
pub use loose::{Loose, LooseAddress, LooseDraft, LooseValidity};

/// More pasted text than this is kept outside the text box, which takes tens of milliseconds to lay out thousands of lines.
const BLOCK_BYTES: usize = 8 * 1024;

/// The product that the form begins with, where the page offers it.
const FIRST_PRODUCT: &str = "ssl_basic";

/// Which of the three ways to say an order's length is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// Whole years.
    #[default]
    Years,
    /// Days.
    Days,
    /// The day on which the order ends.
    Date,
}

/// How a page's draft failed to choose one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthFault {
    /// None of the three.
    Missing,
    /// More than one.
    Ambiguous,
}

/// Turns a host that is not ASCII into A-labels, or says that it cannot be.
pub type ToAscii = fn(&str) -> Option<String>;

/// The fields of the quote form.
#[derive(Clone, Debug)]
pub struct Form {
    to_ascii: ToAscii,
    names_text: String,
    names_block: Option<Rc<str>>,
    block_entries: usize,
    names: NameList,
    names_set: u32,
    tally: TallyCounts,
    changes: Changes,
    /// Product id, chosen or typed.
    pub product: String,
    /// Whether the id is typed rather than chosen.
    pub product_typed: bool,
    /// Whether the product was chosen by somebody, rather than being the one that the form begins with.
    product_chosen: bool,
    /// Which way the length is said.
    pub length: Length,
    /// What stands in `Years`.
    pub years: String,
    /// What stands in `Days`.
    pub days: String,
    /// What stands in `Expiration date`.
    pub date: String,
    length_fault: Option<LengthFault>,
    /// Ids of the offered add-ons that are ticked.
    pub addons: Vec<String>,
    /// Further ids as typed.
    pub addons_text: String,
    /// What stands in `Renews an order valid until`.
    pub renewal: String,
    /// Whether `Use list price` is ticked; `None` until somebody says so.
    pub list_price: Option<bool>,
    /// The billing address as typed.
    pub address: BillingAddress,
}

/// One change of the form by its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The text of the names box.
    Names(String),
    /// A text was pasted that is not left to the browser, in the place of what is selected, in UTF-16 units.
    Paste(Paste, Range<usize>),
    /// A file was dropped; `None` if it is none that could hold names.
    File(Option<String>),
    /// The name at a place ([`Name::index`](names::Name::index)) is taken out.
    RemoveName(usize),
    /// The names that repeat others are taken out.
    RemoveDuplicates,
    /// Advice is followed.
    Follow(Box<Advice>),
    /// The last change of many names is taken back.
    Undo,
    /// The list kept outside moves into the box.
    UnfoldBlock,
    /// The list kept outside is dropped.
    RemoveBlock,
    /// A product was chosen.
    Product(String),
    /// An id that is not in the list is going to be typed.
    OtherProduct,
    /// An id was typed.
    ProductId(String),
    /// Another way to say the length.
    Length(Length),
    /// `Years`.
    Years(String),
    /// `Days`.
    Days(String),
    /// `Expiration date`.
    Date(String),
    /// An offered add-on was ticked or not.
    Addon(String, bool),
    /// Further add-on ids.
    AddonsText(String),
    /// `Renews an order valid until`.
    Renewal(String),
    /// `Use list price`.
    ListPrice(bool),
    /// A part of the billing address.
    Address(AddressField, String),
}

/// A form, looked through: what would be sent, and what keeps it from being sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What would be sent; whole only if there are no problems.
    pub draft: Draft,
    /// What has to be corrected first, in the order of the form.
    pub problems: Vec<Problem>,
    /// The order's length, where it is possible.
    pub length: Option<OrderLength>,
}

impl Form {
    /// An empty form for the products of `config`.
    #[must_use]
    pub fn new(to_ascii: ToAscii, config: &Config) -> Self {
        Self {
            to_ascii,
            names_text: String::new(),
            names_block: None,
            block_entries: 0,
            names: NameList::default(),
            names_set: 0,
            tally: TallyCounts::default(),
            changes: Changes::default(),
            product: first_product(config),
            product_typed: false,
            product_chosen: false,
            length: Length::default(),
            years: "1".to_owned(),
            days: String::new(),
            date: String::new(),
            length_fault: None,
            addons: Vec::new(),
            addons_text: String::new(),
            renewal: String::new(),
            list_price: None,
            address: BillingAddress::default(),
        }
    }

    /// The form, emptied.
    #[must_use]
    pub fn cleared(&self, config: &Config) -> Self {
        Self { names_set: self.names_set + 1, ..Self::new(self.to_ascii, config) }
    }

    /// The form that a page's draft describes.
    #[must_use]
    pub fn replaced(&self, draft: LooseDraft, config: &Config) -> Self {
        let mut form = self.cleared(config);
        let text = draft.dns_names.join("\n");
        if is_block(&text) {
            form.names_block = Some(text.into());
        } else {
            form.names_text = text;
        }
        form.read_names();
        form.product = draft.product_name_id.trim().to_owned();
        form.product_typed = !offers(config, &form.product);
        form.product_chosen = true;
        let LooseValidity { years, days, custom_expiration_date } = draft.order_validity;
        let given = [years.is_some(), days.is_some(), custom_expiration_date.is_some()];
        form.length = match given {
            [_, _, true] => Length::Date,
            [_, true, _] => Length::Days,
            _ => Length::Years,
        };
        form.length_fault = match given {
            [false, false, false] => Some(LengthFault::Missing),
            [true, false, false] | [false, true, false] | [false, false, true] => None,
            _ => Some(LengthFault::Ambiguous),
        };
        form.years = years.unwrap_or_default().0;
        form.days = days.unwrap_or_default().0;
        form.date = custom_expiration_date.unwrap_or_default().0;
        for Loose(id) in draft.addons {
            form.add_addon(id, config);
        }
        form.list_price = draft.is_out_of_contract.map(|Loose(flag)| is_true(&flag));
        form.renewal = draft.renewal_of_order_valid_till.unwrap_or_default().0;
        if let Some(address) = draft.billing_address {
            form.address = BillingAddress {
                country: address.country.0.trim().to_ascii_uppercase(),
                state: address.state.0,
                city: address.city.0,
                zip: address.zip.0,
            };
        }
        form
    }

    /// The form with another order in it. Names that are the same stay as they were typed; the others can be brought back.
    #[must_use]
    pub fn with_order(&self, draft: LooseDraft, config: &Config) -> Self {
        let keeps_names = self.to_draft().dns_names == draft.dns_names;
        let mut form = self.replaced(draft, config);
        form.changes.clone_from(&self.changes);
        let (before, after) = (self.texts(), form.texts());
        let after = if keeps_names { before.clone() } else { after };
        form.change(before, after, Said::Nothing);
        form
    }

    /// The form as a page reads it: names normalised and merged, everything else as typed.
    #[must_use]
    pub fn to_draft(&self) -> LooseDraft {
        // A draft that failed to choose one length is given back as it came, not made into one that chose.
        let only = |length: Length, text: &str| {
            let given = match self.length_fault {
                None => self.length == length,
                Some(LengthFault::Missing) => false,
                Some(LengthFault::Ambiguous) => !text.is_empty(),
            };
            given.then(|| Loose(text.to_owned()))
        };
        let some = |text: &str| (!text.trim().is_empty()).then(|| Loose(text.trim().to_owned()));
        let address = &self.address;
        let mut dns_names = Vec::new();
        for name in self.names.iter() {
            if name.duplicate_of.is_none() {
                dns_names.push(name.shown().to_owned());
            }
        }
        let mut addons = Vec::new();
        for id in self.addon_ids() {
            addons.push(Loose(id));
        }
        LooseDraft {
            dns_names,
            product_name_id: self.product.clone(),
            order_validity: LooseValidity {
                years: only(Length::Years, &self.years),
                days: only(Length::Days, &self.days),
                custom_expiration_date: only(Length::Date, &self.date),
            },
            addons,
            is_out_of_contract: self.list_price.map(|flag| Loose(flag.to_string())),
            renewal_of_order_valid_till: some(&self.renewal),
            billing_address: (!address::is_blank(address)).then(|| LooseAddress {
                country: Loose(address.country.clone()),
                state: Loose(address.state.clone()),
                city: Loose(address.city.clone()),
                zip: Loose(address.zip.clone()),
            }),
        }
    }

    /// Fits the form to new settings: the product it begins with, and what is offered by name. What was typed stays.
    pub fn adapt(&mut self, old: &Config, new: &Config) {
        if !self.product_chosen && self.product == first_product(old) {
            self.product = first_product(new);
        }
        self.product_typed = !offers(new, &self.product);
        if old.addons != new.addons {
            let ids = self.addon_ids();
            self.addons.clear();
            self.addons_text.clear();
            for id in ids {
                self.add_addon(id, new);
            }
        }
    }

    /// Ticks an add-on or, if it is not offered, types it.
    fn add_addon(&mut self, id: String, config: &Config) {
        if config.addons.iter().any(|addon| addon.id == id) {
            self.addons.push(id);
        } else {
            if !self.addons_text.is_empty() {
                self.addons_text.push_str(", ");
            }
            self.addons_text.push_str(&id);
        }
    }

    /// Makes one change.
    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Names(text) => {
                self.names_text = text;
                self.read_names();
                self.typed();
            }
            Edit::Paste(paste, at) => self.insert_paste(paste, &at),
            Edit::File(text) => self.insert_file(text),
            Edit::RemoveName(place) => self.remove_name(place),
            Edit::RemoveDuplicates => self.remove_duplicates(),
            Edit::Follow(advice) => self.follow(&advice),
            Edit::Undo => self.undo(),
            Edit::UnfoldBlock => {
                if let Some(block) = &self.names_block {
                    let text = match self.names_text.as_str() {
                        "" => block.to_string(),
                        text => [block, "\n", text].concat(),
                    };
                    self.change(self.texts(), (None, text), Said::Nothing);
                }
            }
            Edit::RemoveBlock => {
                let (before, text) = (self.texts(), self.names_text.clone());
                self.change(before, (None, text), Said::Nothing);
            }
            Edit::Product(id) => (self.product, self.product_typed, self.product_chosen) = (id, false, true),
            Edit::OtherProduct => {
                (self.product, self.product_typed, self.product_chosen) = (String::new(), true, true)
            }
            Edit::ProductId(id) => self.product = id.trim().to_owned(),
            Edit::Length(length) => (self.length, self.length_fault) = (length, None),
            Edit::Years(years) => (self.years, self.length_fault) = (years, None),
            Edit::Days(days) => (self.days, self.length_fault) = (days, None),
            Edit::Date(date) => (self.date, self.length_fault) = (date, None),
            Edit::Addon(id, wanted) => {
                self.addons.retain(|addon| *addon != id);
                if wanted {
                    self.addons.push(id);
                }
            }
            Edit::AddonsText(text) => self.addons_text = text,
            Edit::Renewal(date) => self.renewal = date,
            Edit::ListPrice(flag) => self.list_price = Some(flag),
            Edit::Address(field, text) => *part_mut(&mut self.address, field) = text,
        }
    }

    /// What stands in the names box.
    #[must_use]
    pub fn names_text(&self) -> &str {
        &self.names_text
    }

    /// The long list that is kept outside the box.
    #[must_use]
    pub fn names_block(&self) -> Option<&Rc<str>> {
        self.names_block.as_ref()
    }

    /// How many entries that list has.
    #[must_use]
    pub fn block_entries(&self) -> usize {
        self.block_entries
    }

    /// All names, those kept outside first.
    #[must_use]
    pub fn names(&self) -> &NameList {
        &self.names
    }

    /// How many names of which sort there are, for the product. `checked` is what the form comes to.
    #[must_use]
    pub fn tally(&self, checked: &Checked) -> TallyCounts {
        let is_of_product =
            |problem: &Problem| matches!(&problem.reason, Reason::Name(_, reason) if reason.is_of_product());
        if checked.problems.iter().any(is_of_product) {
            TallyCounts::of(&names::tally_for(&self.names, &self.product()))
        } else {
            self.tally.clone()
        }
    }

    /// Rises whenever the text of the names box was changed by anything but typing in it.
    #[must_use]
    pub fn names_set(&self) -> u32 {
        self.names_set
    }

    /// The product, by the catalogue or, if it is not there, without rules of its own.
    #[must_use]
    pub fn product(&self) -> Product {
        Product::find(&self.product).unwrap_or_default()
    }

    /// The ids of all add-ons, ticked and typed, each once.
    #[must_use]
    pub fn addon_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for id in &self.addons {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        for id in self.addons_text.split(|c: char| c == ',' || c == ';' || c.is_whitespace()) {
            if !id.is_empty() && !ids.iter().any(|other| other == id) {
                ids.push(id.to_owned());
            }
        }
        ids
    }

    /// Whether a part of the form that is rarely used holds something.
    #[must_use]
    pub fn is_filled(&self, group: Group) -> bool {
        match group {
            Group::Address => !address::is_blank(&self.address),
            Group::Renewal => !self.renewal.is_empty() || self.list_price == Some(true),
            _ => true,
        }
    }

    /// What is wrong with single names, each by its place in the draft as a page reads it: bad ones are in it too, repeated
    /// ones once.
    fn refused_names(&self, check: Check<'_>, problems: &mut Vec<Problem>) {
        let mut names = self.names.iter();
        let mut place = 0;
        for refused in check.refused() {
            for name in names.by_ref() {
                if name.index == refused.name.index {
                    break;
                }
                place += usize::from(name.duplicate_of.is_none());
            }
            let reason = Reason::Name(refused.name.typed.to_owned(), refused.problem);
            problems.push(Problem { field: Field::Name(place), reason });
            place += usize::from(refused.name.duplicate_of.is_none());
        }
    }

    fn read_names(&mut self) {
        let block = self.names_block.as_deref().unwrap_or_default();
        self.names = names::parse_all(&[block, &self.names_text], &self.to_ascii);
        self.tally = TallyCounts::of(&names::tally(&self.names));
        self.block_entries = block.split_whitespace().count();
    }

    /// Looks the form through, as of `today` (UTC).
    #[must_use]
    pub fn check(&self, config: &Config, today: Date) -> Checked {
        let mut problems = Vec::new();
        let product = self.product();
        let names = names::check(&self.names, &product);
        if let Some(problem) = names.list_problem() {
            problems.push(Problem { field: Field::Names, reason: Reason::Names(problem) });
        }
        self.refused_names(names, &mut problems);
        self.check_product(config, &mut problems);
        let mut order_validity = OrderValidity::default();
        let length = self.order_validity().and_then(|validity| {
            order_validity = validity;
            validity::check_order(&validity, &product, today).map_err(Reason::Length)
        });
        let length = match length {
            Ok(length) => Some(length),
            Err(reason) => {
                problems.push(Problem { field: Field::OrderValidity, reason });
                None
            }
        };
        let addons = self.addon_ids();
        for id in &addons {
            if !is_addon_id(id) {
                problems.push(Problem { field: Field::Addons, reason: Reason::Addon(id.clone()) });
            }
        }
        let renewal = match self.renewal.trim() {
            "" => None,
            text => match text.parse() {
                Ok(date) => Some(date),
                Err(_) => {
                    problems.push(Problem { field: Field::Renewal, reason: Reason::RenewalDate });
                    None
                }
            },
        };
        let billing_address = (!address::is_blank(&self.address)).then(|| BillingAddress {
            country: self.address.country.trim().to_owned(),
            state: self.address.state.trim().to_owned(),
            city: self.address.city.trim().to_owned(),
            zip: self.address.zip.trim().to_owned(),
        });
        if let Some(address) = &billing_address {
            for (field, problem) in address::check(address) {
                let reason = Reason::Address(problem);
                problems.push(Problem { field: Field::Address(field), reason });
            }
        }
        let draft = Draft {
            dns_names: names.names_to_send(),
            product_name_id: self.product.clone(),
            order_validity,
            addons,
            is_out_of_contract: self.list_price,
            renewal_of_order_valid_till: renewal,
            billing_address,
        };
        Checked { draft, problems, length }
    }

    fn check_product(&self, config: &Config, problems: &mut Vec<Problem>) {
        let reason = match self.product.as_str() {
            "" => Reason::ProductMissing,
            id if products::normalise_id(id).is_err() => Reason::ProductMalformed,
            id if config.products.is_some() && !offers(config, id) => Reason::ProductNotOffered,
            _ => return,
        };
        problems.push(Problem { field: Field::Product, reason });
    }

    fn order_validity(&self) -> Result<OrderValidity, Reason> {
        if let Some(fault) = self.length_fault {
            return Err(Reason::LengthFault(fault));
        }
        // A number that cannot be read is out of every range, and the range is what the message says.
        let number = |text: &str| text.trim().parse().unwrap_or(0);
        Ok(match self.length {
            Length::Years => OrderValidity::Years(number(&self.years)),
            Length::Days => OrderValidity::Days(number(&self.days)),
            Length::Date => OrderValidity::CustomExpirationDate(
                self.date.trim().parse().map_err(|_| Reason::DateMissing)?,
            ),
        })
    }
}

/// Whether a text is better kept outside the names box.
fn is_block(text: &str) -> bool {
    text.len() > BLOCK_BYTES
}

/// Whether the form's list of products has `id`.
#[must_use]
pub fn offers(config: &Config, id: &str) -> bool {
    match &config.products {
        Some(offered) => offered.iter().any(|product| product.name_id == id),
        None => products::lookup(id).is_some(),
    }
}

fn first_product(config: &Config) -> String {
    match config.products.as_deref() {
        Some([first, ..]) if !offers(config, FIRST_PRODUCT) => first.name_id.clone().into_owned(),
        _ => FIRST_PRODUCT.to_owned(),
    }
}

fn part_mut(address: &mut BillingAddress, field: AddressField) -> &mut String {
    match field {
        AddressField::Country => &mut address.country,
        AddressField::State => &mut address.state,
        AddressField::City => &mut address.city,
        AddressField::Zip => &mut address.zip,
    }
}

/// [Tallied](names::tally) names, to be told below the names box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TallyCounts {
    /// Names that count, without wildcards and addresses.
    pub fqdns: usize,
    /// Wildcards.
    pub wildcards: usize,
    /// IPv4 addresses.
    pub ips: usize,
    /// Names that cost nothing beside another.
    pub free: usize,
    /// The name beside which they all are free, if it is one.
    pub free_with: Option<String>,
    /// Names that repeat an earlier one.
    pub duplicates: usize,
}

impl TallyCounts {
    fn of(tally: &names::Tally<'_>) -> Self {
        let first = tally.free.first().map(|free| free.free_with);
        let one = first.filter(|first| tally.free.iter().all(|free| free.free_with == *first));
        Self {
            fqdns: tally.fqdns,
            wildcards: tally.wildcards,
            ips: tally.ips,
            free: tally.free.len(),
            free_with: one.map(str::to_owned),
            duplicates: tally.duplicates,
        }
    }
}
