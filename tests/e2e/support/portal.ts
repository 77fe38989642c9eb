// A portal on another origin: pages of its own that embed the elements from a certquote server.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Portal = {
  /** The origin, without a slash at the end. */
  url: string;
  /** What `/` shows from now on. */
  show: (html: string, headers?: Record<string, string>) => void;
  stop: () => Promise<void>;
};

/** Starts one on a free port. */
export async function startPortal(): Promise<Portal> {
  let html = "";
  let headers: Record<string, string> = {};
  const server = createServer((request, response) => {
    if (request.url !== "/") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(html);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show: (text, more = {}) => {
      html = text;
      headers = more;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** A whole page around `body`. */
export const htmlPage = (body: string, head = ""): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Portal</title><link rel="icon" href="data:,">${head}</head>
<body><main><h1>Portal</h1>${body}</main></body></html>`;
