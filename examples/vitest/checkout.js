// A portal's own code around a <cert-quote>: a button that orders what was priced, and a line that says why it can't.

/** Puts the form and the button into `place`; `order` is called with the quote that the buyer agreed to. */
export function checkout(place, { transport, order }) {
  const quote = document.createElement("cert-quote");
  // Set before the element is on the page: its first request goes this way already. `null` is the network.
  quote.transport = transport ?? null;
  const button = document.createElement("button");
  button.textContent = "Order";
  const note = document.createElement("p");
  const update = () => {
    const { state, result, error } = quote;
    button.disabled = state !== "ready";
    button.textContent = state === "ready" ? `Order for ${result.total} ${result.currency}` : "Order";
    note.textContent = error ? `No price: ${error.code}` : state === "unknown" ? "Ask our sales desk for a price." : "";
  };
  quote.addEventListener("cert-state", update);
  quote.addEventListener("cert-error", update);
  button.addEventListener("click", () => order(quote.result));
  place.replaceChildren(quote, button, note);
  update();
  return { quote, button, note };
}
