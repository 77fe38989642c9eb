/**
 * Test doubles for pages that embed certquote's elements: a transport that answers from a script instead of the network.
 *
 * ```js
 * import { mockTransport, price, failure } from "certquote/testing";
 *
 * const mock = mockTransport().quote(price({ base_price: "238.00" }), failure("upstream"));
 * const element = document.createElement("cert-quote");
 * element.transport = mock; // before it is put on the page
 * ```
 *
 * Nothing is left to chance: the same script and the same requests give the same answers. Works in browsers and in Node 20 and later.
 */

/** An exact decimal, as a text or as a number that has no more digits than a number can hold: `"1234.50"`, `782`. */
export type Decimal = string | number;

/** The endpoint that a request goes to. */
export type Endpoint = "quote" | "balance" | "subaccount" | "frontier" | "history";

/** One request as the transport got it. */
export interface RecordedRequest {
  /** `null` for a path that is none of the API's. */
  readonly endpoint: Endpoint | null;
  readonly method: string;
  readonly url: string;
  /** The path alone: `/api/digicert/finance/balance`. */
  readonly path: string;
  /** Decoded: `{ "filters[adjust_type]": "8", limit: "1000" }`. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON that was sent; `null` without a body. There as soon as an answer is made. */
  readonly body: any;
  /** Whether it was called off: by the element's time limit, by a newer request, or since the element left the page. */
  readonly aborted: boolean;
}

/** What the transport answers with. */
export type PlainAnswer =
  /** A body that is written as JSON; status 200 unless another is given. */
  | { status?: number; headers?: Record<string, string>; json: unknown }
  /** A body as it is. */
  | { status?: number; headers?: Record<string, string>; text: string }
  /** No connection: rejects with a `TypeError`, as `fetch` does. */
  | { network: true }
  /** Rejects with an `AbortError`. */
  | { cancelled: true }
  /** Never answers; rejects with an `AbortError` when the request is called off. */
  | { hang: true }
  /** A copy of it is given. */
  | Response;

/** An answer, a later one, or what makes one of the request. */
export type PresentAnswer = PlainAnswer | DelayedAnswer | ((request: RecordedRequest) => Answer);

/** The same, or a promise of it. */
export type Answer = PresentAnswer | Promise<PresentAnswer>;

/** An answer that takes its time. */
export interface DelayedAnswer {
  /** Milliseconds, by `setTimeout`: fake timers work. */
  latency: number;
  answer: Answer;
}

/** A function for an element's property `transport`, and the script that it answers from. */
export interface MockTransport {
  (request: Request): Promise<Response>;
  /** What `cert-quote` is answered, one after the other; the last one stays. Replaces what was said before; nothing: the sample. */
  quote(...answers: Answer[]): MockTransport;
  /** The same for the balance of an account: `<cert-balance>`. */
  balance(...answers: Answer[]): MockTransport;
  /** The same for the balance of a subaccount: `<cert-balance source="subaccount">`. */
  subaccount(...answers: Answer[]): MockTransport;
  /** The same for the credits of a billing account: `<cert-balance source="frontier">`. */
  frontier(...answers: Answer[]): MockTransport;
  /** The same for the pages of `<cert-history>`. */
  history(...answers: Answer[]): MockTransport;
  /** Answers for the next requests, wherever they go; each is given once, before any script. */
  next(...answers: Answer[]): MockTransport;
  /** The answer wherever there is no script. Without it that is the sample of the API's reference. */
  always(answer?: Answer): MockTransport;
  /** Forgets scripts and requests. What is under way goes on. */
  reset(): MockTransport;
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** How many requests are without an answer now. */
  readonly pending: number;
}

/** A transport that answers with the samples of the APIs' references until it is told otherwise. */
export function mockTransport(options?: {
  /** How long every answer takes, in milliseconds; default 0. */
  latency?: number;
}): MockTransport;

/** The fields of an answer of order-pricing; `undefined` leaves one out. */
export interface PriceDescription {
  base_price?: Decimal;
  /** Default: what everything else adds up to, exactly. */
  total_price?: Decimal;
  /** Default: what `addons_price_details` add up to. */
  addons_price?: Decimal;
  addons_price_details?: { product_id: number | string; units: number; price: Decimal; subtotal: Decimal }[];
  san_package_price?: Decimal;
  /** Is taken off, whatever its sign. */
  benefits_discount_total?: Decimal;
  fqdns?: { subtotal: Decimal; units: number };
  wildcards?: { subtotal: Decimal; units: number };
  /** The account's balance. */
  balance?: Decimal;
  /** ISO 4217. */
  currency?: string;
  tax?: Decimal;
  /** Whether the tax could not be determined; `tax` is 0 then. */
  tax_error?: boolean;
}

/** A price; what is not given is as in the sample of the reference (782 USD, no tax). */
export function price(description?: PriceDescription): PlainAnswer;

/** What order-pricing answers when it cannot make an estimate: zeros, which the element shows as `unknown`. */
export function noEstimate(description?: PriceDescription): PlainAnswer;

/** The fields of the balance of an account; `undefined` leaves one out. */
export interface BalanceDescription {
  balance?: Decimal;
  currency?: string;
  unpaid_invoice_balance?: Decimal;
  negative_balance_limit?: Decimal;
  used_credit_from_other_containers?: Decimal;
  /** Default: what the others add up to, exactly. */
  total_available_funds?: Decimal;
  /** Leaves the limit and the available funds out, as the API does. */
  unlimited_negative_balance?: boolean;
}

/** The balance of an account; what is not given is as in the sample of the reference. */
export function balance(description?: BalanceDescription): PlainAnswer;

/** The balance of a subaccount; 5000 USD unless given. */
export function subaccount(description?: { amount?: Decimal; currency?: string }): PlainAnswer;

/** The credits of a billing account in Frontier; 1200 VC unless given. */
export function frontier(description?: {
  /** Whole credits, of 64 bits: beyond 2^53 as a text or a `bigint`. */
  amount?: string | number | bigint;
  currency?: string;
  /** RFC 3339. */
  updated_at?: string;
}): PlainAnswer;

/** One adjustment of a history, as the API sends it. */
export interface AdjustmentDescription {
  id?: string;
  container?: { id: number; name: string; is_active: boolean };
  credit?: Decimal;
  debit?: Decimal;
  /** A text of {@link transactionTypes}, or any other. */
  transaction_type?: string;
  receipt_id?: string;
  /** `YYYY-MM-DD hh:mm:ss` */
  transaction_date?: string;
  balance_after?: Decimal;
  /** `YYYY-MM-DD hh:mm:ss`, in UTC. */
  expiration_date?: string;
  note?: string;
  currency?: string;
}

/** The adjustments of an account: given ones, or made-up ones. */
export interface HistoryDescription {
  /** These, in this order, which is the API's own without `sort`. */
  adjustments?: AdjustmentDescription[];
  /** Or so many made-up ones, the newest first, each balance following from the one before. A row is made when its page is asked for: 100,000 cost nothing. */
  count?: number;
  /** When the newest made-up one took place; default `2021-01-21 15:21:34`. */
  until?: string;
  /** Changes a made-up one; the newest has the place 0. */
  row?: (row: AdjustmentDescription, place: number) => AdjustmentDescription;
}

/**
 * A history that knows the API's `limit`, `offset`, `sort` and `filters[…]`; the sample of the reference without a description.
 * Answers at most 1,000 adjustments at once. Both ends of a range of days belong to it.
 */
export function history(description?: HistoryDescription): (request: RecordedRequest) => PlainAnswer;

/** The codes of a `CertError` that come of an answer. `misconfigured` comes of attributes, `invalid_draft` of the draft. */
export type FailureCode =
  | "network"
  | "timeout"
  | "cancelled"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "invalid_request"
  | "rate_limited"
  | "upstream"
  | "unreadable";

/** An answer that ends in this code, in the shape of errors of the API that is asked. `timeout` is a gateway's 504; see {@link hang} for the element's own clock. */
export function failure(
  code: FailureCode,
  options?: {
    /** Another status than the usual one. */
    status?: number;
    /** `Retry-After`, in seconds. */
    retryAfter?: number;
    /** Keys of the draft that the API refuses: `["order_validity", "billing_address.zip"]`. */
    fields?: string[];
    /** The API's own codes. */
    codes?: string[];
    /** The API's own text, which no buyer sees. */
    message?: string;
  },
): Answer;

/** A successful answer that breaks off in the middle of its JSON, or any other text. */
export function malformed(text?: string): PlainAnswer;

/** No answer at all. The element's time limit (`timeout-ms`) ends it as `timeout`. */
export function hang(): PlainAnswer;

/** The same answer after so many milliseconds. */
export function late(latency: number, answer: Answer): DelayedAnswer;

/** The types of the reference's table, by their `adjust_type`. */
export const transactionTypes: Readonly<Record<number, string>>;
