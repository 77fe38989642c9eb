// What the page adds to its elements: it says when the prices are invented, because the server answers from its sandbox.

try {
  const response = await fetch("/healthz", { cache: "no-store" });
  document.getElementById("sandbox").hidden = !response.headers.has("X-Certquote-Sandbox");
  // Until its body is read, the request counts as under way.
  await response.text();
} catch {
  // Without a server there are no prices to mark either.
}
