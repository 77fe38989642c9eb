// A stand-in for DigiCert or Frontier whose next answers a test sets, and which remembers what it was asked.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

type Head = { status?: number; headers?: Record<string, string>; delayMs?: number };

/** One answer. Every kind may come late by `delayMs`. */
export type Answer = Head &
  (
    | { json: unknown }
    | { text: string; type?: string }
    /** Headers, then an empty body. */
    | { empty: true }
    /** Promises the whole of `text`, sends the first half and closes the connection. */
    | { cutOff: string }
    /** A body of so many bytes of JSON. */
    | { bytes: number }
    /** Never answers; the connection stays open. */
    | { hang: true }
    /** Resets the connection before a byte is sent. */
    | { reset: true }
    | { redirect: string }
  );

export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; body: string };

export type Upstream = {
  /** The base address, without a slash at the end. */
  url: string;
  /** Every request so far, oldest first. */
  asked: Asked[];
  /** Queues answers; each is given once. */
  next: (...answers: Answer[]) => void;
  /** The answer when the queue is empty. */
  always: (answer: Answer | ((asked: Asked) => Answer)) => void;
  /** How many requests are without an answer now. */
  pending: () => number;
  stop: () => Promise<void>;
};

/** An error page as a proxy in front of an API sends it. */
export const htmlError: Answer = {
  status: 502,
  text: "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>",
  type: "text/html",
};

/** Starts one on a free port. */
export async function startUpstream(first: Answer = { status: 404, json: { errors: [] } }): Promise<Upstream> {
  const asked: Asked[] = [];
  const queue: Answer[] = [];
  const sockets = new Set<Socket>();
  let fallback: Answer | ((asked: Asked) => Answer) = first;
  let pending = 0;

  const server = createServer(async (request, response) => {
    pending += 1;
    response.once("close", () => (pending -= 1));
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The other side gave up while it was still sending.
    }
    const body = Buffer.concat(chunks).toString("utf8");
    const now: Asked = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
    asked.push(now);
    const answer = queue.shift() ?? (typeof fallback === "function" ? fallback(now) : fallback);
    if (answer.delayMs !== undefined) await new Promise((done) => setTimeout(done, answer.delayMs));
    if (!response.destroyed) give(answer, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // A client that leaves early is what some tests are about.
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    next: (...answers) => void queue.push(...answers),
    always: (answer) => void (fallback = answer),
    pending: () => pending,
    stop: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function give(answer: Answer, response: ServerResponse): void {
  const head = (type: string, more: Record<string, string | number> = {}) =>
    response.writeHead(answer.status ?? 200, { "Content-Type": type, ...more, ...answer.headers });
  if ("json" in answer) {
    head("application/json").end(JSON.stringify(answer.json));
  } else if ("text" in answer) {
    head(answer.type ?? "application/json").end(answer.text);
  } else if ("empty" in answer) {
    head("application/json", { "Content-Length": 0 }).end();
  } else if ("cutOff" in answer) {
    const whole = Buffer.from(answer.cutOff);
    head("application/json", { "Content-Length": whole.length });
    response.write(whole.subarray(0, whole.length >> 1), () => response.destroy());
  } else if ("bytes" in answer) {
    head("application/json").end(`{"filler":"${"x".repeat(Math.max(0, answer.bytes - 13))}"}`);
  } else if ("reset" in answer) {
    response.socket?.resetAndDestroy();
  } else if ("redirect" in answer) {
    response.writeHead(answer.status ?? 302, { Location: answer.redirect, ...answer.headers }).end();
  }
}
