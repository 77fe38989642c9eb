// The types of certquote's elements and of what they tell. Amounts are plain decimal strings with the digits that the API
// sent ("1234.50", "-350"), never numbers: a binary float cannot hold a price.

/** An exact amount of money as a plain decimal: `"782"`, `"1234.50"`, `"-350"`. No grouping, no currency sign, no exponent. */
export type Decimal = string;

/** A day of the calendar, `YYYY-MM-DD`. */
export type Day = string;

/** A moment as RFC 3339: `2026-11-21T14:05:00Z`. */
export type Moment = string;

/** How long an order runs: exactly one of the three. */
export type OrderValidity =
  | {
      /** Whole years, from 1 to what the product allows (at most 6). */
      years: number;
    }
  | {
      /** Days, from 1. */
      days: number;
    }
  | {
      /** The day on which the order ends; in the future. */
      custom_expiration_date: Day;
    };

/** Where an order is billed, for the estimate of the tax. */
export type BillingAddress = {
  /** ISO 3166-1 alpha-2: `US`. */
  country: string;
  /** State or province by its full name; empty where the country has none. */
  state: string;
  city: string;
  /** Empty where the country has none. */
  zip: string;
};

/** An order to be priced. */
export type Draft = {
  /** The names, in order, at most 250; sent lower-case, as A-labels, without duplicates. `[]` for products that take none. */
  dns_names: string[];
  /** DigiCert's identifier of the product: `ssl_basic`. */
  product_name_id: string;
  order_validity: OrderValidity;
  /** Product ids of add-ons. */
  addons?: string[];
  /** Whether to ask for the list price instead of the contract's. */
  is_out_of_contract?: boolean;
  /** The end of the order that this one renews. */
  renewal_of_order_valid_till?: Day;
  /** The account's own address when absent. */
  billing_address?: BillingAddress;
};

/** What a line of a quote is for. */
export type LineName = "base" | "fqdns" | "wildcards" | "addons" | "san_package" | "discount" | "other" | "tax";

/** One line of a quote. */
export type Line = {
  line: LineName;
  /** What it adds to the total, in the quote's currency; a discount is negative. */
  amount: Decimal;
  /** How many the API counted, from 0; absent where it does not count. */
  units?: number;
};

/** One add-on within the line `addons`. */
export type AddonLine = {
  product_id: string;
  /** How many, from 0. */
  units: number | null;
  /** What one costs, in the quote's currency. */
  price: Decimal | null;
  /** What they cost together. */
  subtotal: Decimal | null;
};

/** What an order leaves of the account's money, in the quote's currency. */
export type Funds = {
  /** What can be spent before the order; `null` when that has no limit. */
  available: Decimal | null;
  /** What can be spent after it; `null` when there is not enough, or no limit. */
  after: Decimal | null;
  /** What is missing, above zero; `null` when there is enough. */
  shortfall: Decimal | null;
  /** Whether credit without a limit covers it. */
  unlimited: boolean;
};

/** A priced order. */
export type Quote = {
  /** What was priced. */
  draft: Draft;
  /** They always add up to `total`; none when the price is unknown. */
  lines: Line[];
  /** With tax; `null` exactly when `unknown`. */
  total: Decimal | null;
  /** The currency of every figure, as the API wrote it: `USD`. */
  currency: string;
  /** Whether the tax could not be determined: then `total` is one before tax. */
  tax_error: boolean;
  /** Whether the API could not determine a price. That is no price, not a price of zero. */
  unknown: boolean;
  /** The account's balance, if the answer holds it. */
  account_balance: Decimal | null;
  /**
   * `null` when no `<cert-balance source="account">` on the page has the same proxy and container, when the price or the
   * available funds are unknown, and when the currencies differ.
   */
  funds: Funds | null;
  priced_at: Moment;
  /** The add-ons one by one, if the answer holds them. */
  addon_details?: AddonLine[];
  /** There and `true` when the price is an invented one, from the sandbox of `certquote-server`. */
  sandbox?: true;
};

/** Whose balance it is. */
export type BalanceSource = "account" | "subaccount" | "frontier";

/** A balance. */
export type Balance = {
  source: BalanceSource;
  /** Negative when the account owes. */
  amount: Decimal;
  /** The currency of every figure, as the API wrote it; Frontier's `VC` (virtual credits) is none of ISO 4217. May be empty. */
  currency: string;
  fetched_at: Moment;
  /** What can be spent, where the API says so; `null` is not zero. */
  available: Decimal | null;
  /** Whether the balance may go below zero without a limit. */
  unlimited: boolean;
  /** When the balance was updated, where the API says so. */
  updated_at: string | null;
  /** The figures behind the available funds of an account, under the API's own names, each where it gives it. */
  details?: {
    /** What is owed for unpaid invoices. */
    unpaid_invoice_balance?: Decimal;
    /** How far the balance may go below zero. */
    negative_balance_limit?: Decimal;
    /** What other divisions of the account owe. */
    used_credit_from_other_containers?: Decimal;
    /** What can be spent. */
    total_available_funds?: Decimal;
  };
};

/** How a balance stands to `low-balance`: `approaching` at 150 % of it and less, `low` at 100 % and less. */
export type Level = "ok" | "approaching" | "low";

/** A new level of a balance. */
export type LowBalance = {
  /** A low balance is `ok` again only from 200 % of the threshold on. */
  level: Level;
  /** The balance. */
  amount: Decimal;
  /** The threshold, above zero, in the currency of the balance. */
  threshold: Decimal;
  currency: string;
};

/** One change of a balance. */
export type Adjustment = {
  id: string;
  /** `YYYY-MM-DD hh:mm:ss`, in a zone that the API does not name. */
  date: string;
  /** The API's text; an open set. */
  type: string;
  /** Signed: a debit is negative. `null` when the API gives neither credit nor debit, or both. */
  amount: Decimal | null;
  balance_after: Decimal | null;
  /** As the API wrote it. */
  currency: string | null;
  /** When a deposit expires: `YYYY-MM-DD hh:mm:ss` in UTC. */
  expiration_date: string | null;
  note: string | null;
  /** `0` for credits. */
  receipt_id: string | null;
  /** The division that made it. */
  container_id?: string;
  container_name?: string;
  /** The order that it belongs to. */
  order_id?: string;
};

/** One page of adjustments. */
export type History = {
  /** In the order of the answer. */
  adjustments: Adjustment[];
  /** How many there are in all. */
  total: number;
  /** How many were skipped before these. */
  offset: number;
  /** At most so many were asked for. */
  limit: number;
};

/** The sort of trouble. */
export type ErrorCode =
  | "network"
  | "timeout"
  | "cancelled"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "invalid_request"
  | "rate_limited"
  | "upstream"
  | "unreadable"
  | "misconfigured"
  | "invalid_draft";

/** What is wrong with one field of a draft, or with one attribute. */
export type FieldError = {
  /** A key of `Draft`, with an index where it has one (`dns_names[1]`, `billing_address.zip`); or an attribute. */
  field: string;
  /** A sentence for the reader. */
  message: string;
};

/** A failure: what promises are rejected with, and what `cert-error` tells. */
export type CertError = {
  code: ErrorCode;
  /** A sentence for the reader. */
  message: string;
  /** Which endpoint was asked; empty when none was. */
  endpoint: string;
  /** The HTTP status, 100 to 599; `null` without an answer. */
  status: number | null;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  /** How long to wait, in milliseconds, where the API says so. */
  retry_after_ms: number | null;
  /** The API's own codes. */
  upstream_codes: string[];
  fields: FieldError[];
  /** Under which the proxy's log has the request (its `X-Request-Id`), to be quoted to whoever runs it. */
  request_id?: string | null;
  /** A short piece of an answer that could not be used, and where in it the trouble lies. */
  evidence?: { path?: string; detail?: string; excerpt: string };
};

/**
 * Where an element stands: `stale` has old figures (the input is newer, or a refresh failed), `unknown` means that the API
 * could not determine a price.
 */
export type State = "idle" | "loading" | "ready" | "stale" | "unknown" | "error";

/** The buyer's consent to a quote. */
export type Acceptance = {
  /** The quote that was on the screen; frozen. */
  quote: Quote;
  /** The same for the same consent, so that an order made of it twice can be told. */
  idempotency_key: string;
};

/** Stands in for `fetch`. */
export type Transport = (request: Request) => Promise<Response>;

/** Gives headers by name. */
export type FetchHeaders = () => Promise<Record<string, string>>;

/** The events of all elements, by name. They bubble, and are composed. */
export interface CertEventMap {
  "cert-error": CustomEvent<CertError>;
  "cert-state": CustomEvent<{ state: State }>;
}

export interface CertQuoteEventMap extends CertEventMap {
  "cert-quote": CustomEvent<Quote>;
  "cert-accept": CustomEvent<Acceptance>;
}

export interface CertBalanceEventMap extends CertEventMap {
  "cert-balance": CustomEvent<Balance>;
  "cert-low-balance": CustomEvent<LowBalance>;
}

export interface CertHistoryEventMap extends CertEventMap {
  "cert-history": CustomEvent<History>;
}

/** What all elements have. */
export interface CertElement<Events extends CertEventMap = CertEventMap> extends HTMLElement {
  /** Where the element stands. */
  readonly state: State;
  /** The last error. */
  readonly error: CertError | null;
  /** Used instead of `fetch`, for every request. */
  transport: Transport | null;
  /** Gives the headers that a request needs besides its own, once for each request. Never in the DOM, in a URL or in an error. */
  fetchHeaders: FetchHeaders | null;

  addEventListener<K extends keyof Events>(type: K, listener: (this: this, event: Events[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: this, event: HTMLElementEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof Events>(type: K, listener: (this: this, event: Events[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: this, event: HTMLElementEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** `<cert-quote>`: the form of an order, and what it costs, line by line. */
export interface CertQuoteElement extends CertElement<CertQuoteEventMap> {
  /** The whole form. What a draft leaves out is empty afterwards; one of the wrong type throws, and changes nothing. */
  draft: Draft;
  /** The last quote. */
  readonly result: Quote | null;
  /** Prices the present draft. Rejects with a `CertError`; resolves with `unknown` where there is no price to be had. */
  quote(): Promise<Quote>;
}

/** `<cert-balance>`: what an account, a subaccount or a billing account of Frontier can spend. */
export interface CertBalanceElement extends CertElement<CertBalanceEventMap> {
  /** The last balance. */
  readonly result: Balance | null;
  /** Loads again. Rejects with a `CertError`. */
  refresh(): Promise<Balance>;
}

/** `<cert-history>`: the adjustments of an account. */
export interface CertHistoryElement extends CertElement<CertHistoryEventMap> {
  /** The last page that came. */
  readonly result: History | null;
  /** Loads again. Rejects with a `CertError`. */
  refresh(): Promise<History>;
}

/** The version of this package. */
export const version: string;

/**
 * Defines the three elements, unless a copy of this script has done so: the first one wins, and one of another version says so
 * on the console. Does nothing where there are no custom elements, as on a server. Importing `certquote` calls it.
 */
export function defineElements(): void;

/**
 * Starts the download of the wasm module now, instead of when an element comes near the viewport. Rejects with a `CertError`;
 * the elements then try again themselves.
 */
export function preload(): Promise<void>;

declare global {
  interface HTMLElementTagNameMap {
    "cert-quote": CertQuoteElement;
    "cert-balance": CertBalanceElement;
    "cert-history": CertHistoryElement;
  }

  // They bubble: whatever is around an element, up to document and window, may listen.
  interface GlobalEventHandlersEventMap extends CertQuoteEventMap, CertBalanceEventMap, CertHistoryEventMap {}
}
