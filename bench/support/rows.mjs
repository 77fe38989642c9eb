// Builds `bench/rows` as the widget is built: its profile, and wasm-opt with its flags.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The bytes of the module. */
export function buildRows() {
  const told = execFileSync(
    "cargo",
    ["build", "--package", "certquote-bench-rows", "--profile", "widget", "--target", "wasm32-unknown-unknown", "--message-format", "json-render-diagnostics"],
    { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 26 },
  );
  const artifacts = told.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const wasm = artifacts.flatMap(({ filenames }) => filenames ?? []).find((file) => file.endsWith("certquote_bench_rows.wasm"));
  if (wasm === undefined) throw new Error("cargo has built no module");
  const flags = readFileSync(join(root, "build/wasm-opt.txt"), "utf8").trim().split("\n");
  const out = join(mkdtempSync(join(tmpdir(), "certquote-bench-")), "rows.wasm");
  execFileSync(join(root, "node_modules/.bin/wasm-opt"), [...flags, wasm, "-o", out], { stdio: "inherit" });
  return readFileSync(out);
}
