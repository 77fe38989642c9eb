//! The ledgers: **invented** adjustments whose running balance is right, the same at every start.
//!
//! Deposits are spent first in, first out; what is left of one on its day of expiry is taken by an adjustment of type 27.

use std::collections::VecDeque;

/// An account of the sandbox, chosen by `container_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// With money on it.
    Main,
    /// Overdrawn, with unlimited credit.
    Unlimited,
    /// Overdrawn, with a limit.
    Overdrawn,
}

impl Account {
    /// The account of a container.
    #[must_use]
    pub fn of(container: Option<&str>) -> Self {
        match container {
            Some("2") => Self::Unlimited,
            Some("3") => Self::Overdrawn,
            _ => Self::Main,
        }
    }

    /// The balance in cents; the newest adjustment of its ledger ends there.
    #[must_use]
    pub fn balance(self) -> i64 {
        match self {
            Self::Main => 812_345,
            Self::Unlimited => -100_070,
            Self::Overdrawn => -35_025,
        }
    }

    /// The id of its container.
    #[must_use]
    pub fn container(self) -> u32 {
        match self {
            Self::Main => 1,
            Self::Unlimited => 2,
            Self::Overdrawn => 3,
        }
    }
}

/// The documented types: `adjust_type`, text, and whether they add money.
pub const TYPES: [(u8, &str, bool); 18] = [
    (1, "Charge", false),
    (4, "Sale from Account Balance", false),
    (8, "Credit Card Deposit", true),
    (9, "Wire Deposit", true),
    (11, "Deposit from Check", true),
    (12, "Deposit from PO", true),
    (13, "Credit for Commission Payment", true),
    (15, "Purchase Order Payment", false),
    (16, "Additional Name Purchase", false),
    (18, "Credit for a revoked certificate", true),
    (19, "Transfer of funds to another unit in the account", false),
    (20, "Transfer of funds from another unit in the account", true),
    (22, "Charge for Subaccount Order", false),
    (23, "Refund for Subaccount Order", true),
    (26, "Refund", true),
    (27, "Account Funds Expiration", false),
    (28, "Charge for unit order", false),
    (29, "Refund for unit order", true),
];

/// One adjustment; money in cents, times in seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// Unique, not in the order of time.
    pub id: u64,
    /// The container that initiated it.
    pub container: u32,
    /// One of [`TYPES`].
    pub adjust_type: u8,
    /// Signed.
    pub amount: i64,
    /// When.
    pub at: i64,
    /// The balance after it.
    pub balance_after: i64,
    /// For deposits.
    pub expires: Option<i64>,
    /// For charges.
    pub order_id: Option<u64>,
    /// Some carry one.
    pub note: Option<String>,
}

impl Adjustment {
    /// The text of its type.
    #[must_use]
    pub fn type_text(&self) -> &'static str {
        TYPES.iter().find(|(id, _, _)| *id == self.adjust_type).map_or("", |(_, text, _)| text)
    }
}

/// All adjustments of an account, oldest first.
#[derive(Debug)]
pub struct Ledger {
    /// In the order in which they took place.
    pub adjustments: Vec<Adjustment>,
}

/// 2026-11-20 17:03:12, the newest adjustment.
const NEWEST: i64 = 20_777 * 86_400 + 17 * 3_600 + 3 * 60 + 12;
/// The time that a ledger spans, whatever its length: four years.
const SPAN: i64 = 4 * 365 * 86_400;
const DEPOSITS: [u8; 4] = [8, 9, 11, 12];
const REFUNDS: [u8; 5] = [18, 20, 23, 26, 29];
const CHARGES: [u8; 8] = [1, 4, 1, 16, 22, 28, 15, 19];

impl Ledger {
    /// Makes the ledger of an account with `count` adjustments.
    #[must_use]
    pub fn generate(account: Account, count: usize) -> Self {
        let mut random = Random(u64::from(account.container()));
        let mut book =
            Book { account, balance: 0, lots: VecDeque::new(), adjustments: Vec::with_capacity(count) };
        let total = i64::try_from(count).unwrap_or(i64::MAX).max(1);
        let step = (SPAN / total).max(1);
        for index in 0..total {
            // A jitter below the step keeps the order; every 97th shares its second with the one before.
            let regular = NEWEST - (total - 1 - index) * step;
            let last = index + 1 == total;
            let at = match book.adjustments.last() {
                Some(previous) if index % 97 == 0 && !last => previous.at,
                _ if last => NEWEST,
                _ => regular - random.below(step.min(86_400) as u64 / 2) as i64,
            };
            if count == 0 {
                break;
            }
            if last { book.close(at) } else { book.next(at, &mut random) }
        }
        Self { adjustments: book.adjustments }
    }
}

struct Book {
    account: Account,
    balance: i64,
    /// What is left of each deposit, and when it expires.
    lots: VecDeque<(i64, i64)>,
    adjustments: Vec<Adjustment>,
}

impl Book {
    fn next(&mut self, at: i64, random: &mut Random) {
        if let Some(position) = self.lots.iter().position(|(left, expires)| *expires <= at && *left > 0)
            && let Some((left, _)) = self.lots.remove(position)
        {
            self.record(at, 27, -left, None, Some("Unused funds expired".to_owned()));
            return;
        }
        let roll = random.below(1_000);
        if self.balance < 100_000 {
            // Deposits are whole hundreds of dollars and last a year.
            let amount = (20 + random.below(120) as i64) * 10_000;
            let expires = (at.div_euclid(86_400) + 365) * 86_400;
            self.deposit(at, random.pick(&DEPOSITS), amount, expires);
        } else if roll < 15 {
            // A commission lasts a week, so that some of it is not spent in time.
            let amount = 5_000 + random.below(20_000) as i64;
            let expires = (at.div_euclid(86_400) + 7) * 86_400;
            self.deposit(at, 13, amount, expires);
        } else if roll < 70 {
            let amount = 1_000 + random.below(60_000) as i64;
            self.record(at, random.pick(&REFUNDS), amount, None, None);
            self.lots.push_back((amount, i64::MAX));
        } else {
            let amount = (995 + random.below(74_005) as i64).min(self.balance);
            self.spend(amount);
            let order = 100_000_000 + random.below(900_000_000);
            let note = roll.is_multiple_of(10).then(|| format!("Payment for invoice #{}", order / 1_000));
            self.record(at, random.pick(&CHARGES), -amount, Some(order), note);
        }
    }

    /// The newest adjustment brings the balance to the account's.
    fn close(&mut self, at: i64) {
        let amount = self.account.balance() - self.balance;
        if amount > 0 {
            self.deposit(at, 9, amount, (at.div_euclid(86_400) + 365) * 86_400);
        } else {
            self.spend(-amount);
            self.record(at, 1, amount, Some(999_999_999), None);
        }
    }

    fn deposit(&mut self, at: i64, adjust_type: u8, amount: i64, expires: i64) {
        self.lots.push_back((amount, expires));
        self.record(at, adjust_type, amount, None, None);
        if let Some(adjustment) = self.adjustments.last_mut() {
            adjustment.expires = Some(expires);
        }
    }

    fn spend(&mut self, mut amount: i64) {
        while amount > 0
            && let Some((left, _)) = self.lots.front_mut()
        {
            let taken = amount.min(*left);
            *left -= taken;
            amount -= taken;
            if *left == 0 {
                self.lots.pop_front();
            }
        }
    }

    fn record(&mut self, at: i64, adjust_type: u8, amount: i64, order_id: Option<u64>, note: Option<String>) {
        self.balance += amount;
        let index = self.adjustments.len() as u64;
        // Divisions 101 and 102 initiate a part of what the account pays.
        let container = match index % 5 {
            3 => 101,
            4 => 102,
            _ => self.account.container(),
        };
        self.adjustments.push(Adjustment {
            // Turning two bits keeps ids unique and takes them out of the order of time.
            id: 5_000_000 + (index ^ 0b101),
            container,
            adjust_type,
            amount,
            at,
            balance_after: self.balance,
            expires: None,
            order_id,
            note,
        });
    }
}

/// SplitMix64: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below `bound`; zero where that is zero.
    fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or_default()
    }

    fn pick(&mut self, from: &[u8]) -> u8 {
        let index = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        from.get(index).copied().unwrap_or_default()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]
mod tests {
    use std::collections::HashSet;

    use super::super::clock;
    use super::*;

    #[test]
    fn the_running_balance_is_right_and_ends_at_the_account_s() {
        for account in [Account::Main, Account::Unlimited, Account::Overdrawn] {
            for count in [1, 2, 3_000] {
                let ledger = Ledger::generate(account, count);
                assert_eq!(ledger.adjustments.len(), count);
                let mut balance = 0;
                for adjustment in &ledger.adjustments {
                    balance += adjustment.amount;
                    assert_eq!(adjustment.balance_after, balance);
                    assert_ne!(adjustment.amount, 0);
                }
                assert_eq!(balance, account.balance());
                assert_eq!(clock::moment(ledger.adjustments.last().unwrap().at), "2026-11-20 17:03:12");
            }
        }
        assert!(Ledger::generate(Account::Main, 0).adjustments.is_empty());
    }

    #[test]
    fn is_the_same_at_every_start() {
        assert_eq!(
            Ledger::generate(Account::Main, 500).adjustments,
            Ledger::generate(Account::Main, 500).adjustments
        );
    }

    #[test]
    fn goes_forward_in_time_with_ids_that_do_not() {
        let rows = Ledger::generate(Account::Main, 3_000).adjustments;
        assert!(rows.windows(2).all(|pair| pair[0].at <= pair[1].at));
        assert!(rows.windows(2).any(|pair| pair[0].at == pair[1].at));
        assert!(rows.windows(2).any(|pair| pair[0].id > pair[1].id));
        assert_eq!(rows.iter().map(|row| row.id).collect::<HashSet<_>>().len(), rows.len());
    }

    #[test]
    fn has_every_documented_type_with_its_sign() {
        let rows = Ledger::generate(Account::Main, 3_000).adjustments;
        for (adjust_type, text, adds) in TYPES {
            let mut of_type = rows.iter().filter(|row| row.adjust_type == adjust_type).peekable();
            assert!(of_type.peek().is_some(), "{text}");
            assert!(of_type.all(|row| (row.amount > 0) == adds && row.type_text() == text), "{text}");
        }
    }

    #[test]
    fn only_deposits_expire() {
        let rows = Ledger::generate(Account::Main, 3_000).adjustments;
        assert!(rows.iter().all(|row| row.expires.is_none_or(|expires| row.amount > 0 && expires > row.at)));
        assert!(rows.iter().any(|row| row.expires.is_some()));
    }

    #[test]
    fn a_hundred_thousand_are_no_trouble() {
        assert_eq!(Ledger::generate(Account::Main, 100_000).adjustments.len(), 100_000);
    }
}
