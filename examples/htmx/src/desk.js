import htmx from "htmx.org";

// Under Trusted Types a page says whose HTML it takes: here that of its own server, which htmx swaps in. Nothing of this
// concerns the elements. (`hx-on` would need 'unsafe-eval' in the CSP; `hx-trigger` does not.)
htmx.registerExtension("trusted-types", {
  init: ({ initSecurity }) =>
    initSecurity(globalThis.trustedTypes?.createPolicy("htmx", { createHTML: (html) => html, createScript: (script) => script })),
});

// What the event that triggered a request says of the quote goes to the server.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { type, detail } = ctx.sourceEvent;
  const said = { "cert-quote": detail, "cert-accept": detail?.quote }[type];
  if (!said) return;
  if (said.total !== null) ctx.request.body.set("total", said.total);
  ctx.request.body.set("currency", said.currency);
  if (detail.idempotency_key) ctx.request.body.set("idempotency_key", detail.idempotency_key);
});

// What a form is to begin with is a property; a fragment writes it down as JSON.
document.addEventListener("htmx:after:swap", () => {
  for (const quote of document.querySelectorAll("cert-quote[data-draft]")) {
    quote.draft = JSON.parse(quote.dataset.draft);
    quote.removeAttribute("data-draft");
  }
});
