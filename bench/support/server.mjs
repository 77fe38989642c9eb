// A `certquote-server` of a benchmark's own, on a free port.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = process.env.CERTQUOTE_SERVER ?? `${root}target/release/certquote-server`;

/** The built page and library. */
export const dist = `${root}dist`;

/** Starts one on the built page, unless the flags name other assets, and resolves when it says where it listens. */
export async function startServer(flags) {
  const foreign = /^(CERTQUOTE_|DIGICERT_|FRONTIER_|RUST_LOG$)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  env.RUST_LOG = "warn";
  const child = spawn(program, ["--listen", "127.0.0.1:0", ...(flags.includes("--assets") ? [] : ["--assets", dist]), ...flags], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((done) => child.once("close", done));
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`certquote-server ended (${code})`)));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const address = /listening on (http:\/\/\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  return {
    url,
    stop: () => {
      child.kill("SIGTERM");
      return exited;
    },
  };
}
