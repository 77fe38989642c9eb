// A portal's own code, as its compiler sees it: checked with `strict` against the package's types, never run.
import type { Acceptance, Balance, CertError, CertQuoteElement, Draft, Funds, History, Level, Quote, State } from "certquote";
import { defineElements, preload, version } from "certquote";
import * as pure from "certquote/pure";

const quote = document.querySelector("cert-quote");
const balance = document.createElement("cert-balance");
const history = document.createElement("cert-history");

const draft: Draft = {
  dns_names: ["example.com"],
  product_name_id: "ssl_basic",
  order_validity: { days: 90 },
  billing_address: { country: "US", state: "Utah", city: "Lehi", zip: "84043" },
};

async function use(element: CertQuoteElement): Promise<string> {
  element.draft = draft;
  element.transport = async (request) => new Response(request.url);
  element.fetchHeaders = async () => ({ Authorization: "Bearer …" });
  element.fetchHeaders = null;
  const priced: Quote = await element.quote();
  const funds: Funds | null = priced.funds;
  for (const line of priced.lines) if (line.line === "discount") return line.amount;
  return priced.total ?? funds?.shortfall ?? "no estimate";
}

quote?.addEventListener("cert-quote", function (event) {
  const total: string | null = event.detail.total;
  const same: CertQuoteElement = this;
  return [total, same];
});
quote?.addEventListener("cert-accept", ({ detail }: CustomEvent<Acceptance>) => detail.idempotency_key satisfies string);
quote?.addEventListener("click", (event) => event.clientX);
quote?.addEventListener("anything", (event) => event.type);
balance.addEventListener("cert-low-balance", ({ detail }) => detail.level satisfies Level);
document.addEventListener("cert-history", ({ detail }) => detail.adjustments.map(({ amount }) => amount satisfies string | null));
window.addEventListener("cert-error", ({ detail }) => (detail.retryable ? detail.retry_after_ms : detail.code) satisfies number | null | CertError["code"]);

const settled: [Promise<Balance>, Promise<History>] = [balance.refresh(), history.refresh()];
const state: State = balance.state;
const result: History | null = history.result;
const nothing: void = defineElements();
const loaded: Promise<void> = preload();
const alike: typeof defineElements = pure.defineElements;

// @ts-expect-error: an amount is never a number.
const amount: number = balance.result?.amount;
// @ts-expect-error: what the element found out is not the page's to set.
balance.result = null;
// @ts-expect-error: exactly one length.
const lengthless: Draft = { ...draft, order_validity: {} };
// @ts-expect-error: no such code.
const code: CertError["code"] = "offline";
// @ts-expect-error: no such line.
const line: Quote["lines"][number]["line"] = "shipping";
// @ts-expect-error: only a quote has a draft.
history.draft = draft;
// @ts-expect-error: a balance is refreshed, not quoted.
balance.quote();

export { alike, amount, code, lengthless, line, loaded, nothing, result, settled, state, use, version };
