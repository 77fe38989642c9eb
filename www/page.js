// What the page adds to its elements: it says when the prices are the sandbox's own.

const response = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
document.getElementById("sandbox").hidden = !response?.headers.has("X-Certquote-Sandbox");
