const quote = document.querySelector("cert-quote");
const order = document.querySelector(".order");

quote.draft = { dns_names: ["shop.example.com"], product_name_id: "ssl_basic", order_validity: { years: 1 } };

document.addEventListener("cert-quote", ({ detail: { total, currency } }) => {
  order.textContent = total === null ? "No estimate." : `${total} ${currency}`;
});
document.addEventListener("cert-accept", ({ detail: { quote, idempotency_key } }) => {
  order.textContent = `Ordered for ${quote.total} ${quote.currency}. Reference ${idempotency_key}`;
});
document.addEventListener("cert-error", ({ target, detail }) => {
  order.textContent = `${target.localName}: ${detail.message}`;
});
