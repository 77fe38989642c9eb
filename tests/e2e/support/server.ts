// A `certquote-server` of a test's own, on a free port.
import { spawn } from "node:child_process";
import { cleanEnv, dist, serverPath } from "./paths.ts";

export type Server = {
  /** The address, without a slash at the end. */
  url: string;
  /** What it logged so far, both streams. */
  log: () => string;
  /** Sends SIGTERM and gives the exit status. */
  stop: () => Promise<number | null>;
};

export type ServerOptions = {
  /** Bases of the upstreams; absent ones are played by the sandbox. */
  digicert?: string;
  frontier?: string;
  /** Further flags. */
  args?: string[];
  /** Further environment. The credentials that go with an upstream are there already, as obvious dummies. */
  env?: Record<string, string>;
  /** Another directory to serve; `null` for none. */
  assets?: string | null;
};

/** Starts one and resolves when it says where it listens. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const args = ["--listen", "127.0.0.1:0"];
  if (options.assets !== null) args.push("--assets", options.assets ?? dist);
  const env = cleanEnv();
  // A test that plays the upstream plays each answer of it; a flag among `args` beats the environment.
  for (const part of ["LIMIT", "CACHE", "BACKOFF", "RETRY"]) env[`CERTQUOTE_${part}`] = "off";
  if (options.digicert !== undefined) {
    args.push("--digicert-url", options.digicert);
    env.DIGICERT_API_KEY = "test-key";
  }
  if (options.frontier !== undefined) {
    args.push("--frontier-url", options.frontier);
    env.FRONTIER_CLIENT_ID = "test-client";
    env.FRONTIER_CLIENT_SECRET = "test-secret";
  }
  const child = spawn(serverPath, [...args, ...(options.args ?? [])], {
    env: { ...env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const exited = new Promise<number | null>((done) => child.once("close", done));
  const url = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`certquote-server ended (${code}) before it listened:\n${log}`)));
    child.stderr.on("data", (chunk) => (log += chunk));
    child.stdout.on("data", (chunk) => {
      log += chunk;
      const address = /listening on (http:\/\/\S+)/.exec(log)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  return {
    url,
    log: () => log,
    stop: () => {
      child.kill("SIGTERM");
      return exited;
    },
  };
}
