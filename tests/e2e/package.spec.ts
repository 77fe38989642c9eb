// The npm package: what is in it, that it installs, and that its types, its manifest and the elements themselves agree.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { embed } from "./support/embed.ts";
import { dist } from "./support/paths.ts";
import { expect, test } from "./support/quote.ts";

const read = (name: string) => JSON.parse(readFileSync(join(dist, name), "utf8"));
const manifest = () => read("custom-elements.json").modules[0].declarations as Declaration[];
const names = (items: { name: string }[]) => items.map(({ name }) => name).toSorted();

type Item = { name: string; kind?: string; type?: { text: string }; return?: { type: { text: string } }; readonly?: boolean; description: string };
type Declaration = { name: string; tagName: string; attributes: Item[]; members: Item[]; events: Item[]; cssParts: Item[]; cssProperties: Item[] };

/** A directory with the packed package installed, as an application has it. */
let application = "";

test.beforeAll(() => {
  application = mkdtempSync(join(tmpdir(), "certquote-application-"));
  const npm = (...args: string[]) => execFileSync("npm", args, { cwd: application, encoding: "utf8", shell: process.platform === "win32" });
  const [{ filename }] = JSON.parse(npm("pack", dist, "--json", "--ignore-scripts"));
  writeFileSync(join(application, "package.json"), JSON.stringify({ name: "application", private: true, type: "module" }));
  npm("install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${filename}`);
});
test.afterAll(() => rmSync(application, { recursive: true, force: true }));

const node = (code: string) => execFileSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: application, encoding: "utf8" }).trim();

test("holds what package.json lists, each with its hash, and nothing of the page", () => {
  const { files, name, version } = read("package.json");
  const hashes = read("integrity.json");
  expect(Object.keys(hashes).toSorted()).toEqual(files.concat("package.json").filter((file: string) => file !== "integrity.json").toSorted());
  for (const [file, hash] of Object.entries(hashes)) {
    const installed = readFileSync(join(application, "node_modules/certquote", file));
    expect(`sha384-${createHash("sha384").update(installed).digest("base64")}`, file).toBe(hash);
  }
  expect(files.filter((file: string) => /\.(br|gz|html|css)$|config|page|gallery/.test(file))).toEqual([]);
  expect(name).toBe("certquote");
  expect(readFileSync(fileURLToPath(new URL("../../Cargo.toml", import.meta.url)), "utf8")).toContain(`version = "${version}"`);
  for (const file of ["page.js", "index.html", "certquote.js.br"]) expect(existsSync(join(application, "node_modules/certquote", file)), file).toBe(false);
});

test("exports only what is there, types first", () => {
  for (const [path, target] of Object.entries<any>(read("package.json").exports)) {
    const targets = typeof target === "string" ? [target] : Object.values<string>(target);
    for (const file of targets) expect(existsSync(join(dist, file)), `${path}: ${file}`).toBe(true);
    if (typeof target !== "string") expect(Object.keys(target)[0]).toBe("types");
  }
});

test("names the hash of wasm and glue in the loader", () => {
  const loader = readFileSync(join(dist, "certquote.js"), "utf8");
  const widget = Object.entries<string>(read("integrity.json")).filter(([name]) => name.startsWith("certquote-widget-"));
  expect(widget).toHaveLength(2);
  for (const [name, hash] of widget) {
    expect(loader).toContain(name);
    expect(loader).toContain(hash);
  }
});

test("is imported on a server, and touches nothing there", () => {
  const told = node(`
    const before = Object.getOwnPropertyNames(globalThis).toSorted().join();
    const pure = await import("certquote/pure");
    pure.defineElements();
    await import("certquote");
    const { default: manifest } = await import("certquote/custom-elements.json", { with: { type: "json" } });
    const { default: hashes } = await import("certquote/integrity.json", { with: { type: "json" } });
    console.log(JSON.stringify([Object.keys(pure), before === Object.getOwnPropertyNames(globalThis).toSorted().join(), manifest.schemaVersion, "certquote.js" in hashes]));
  `);
  expect(JSON.parse(told)).toEqual([["defineElements", "preload", "version"], true, "2.1.0", true]);
});

test("certquote/pure defines nothing before it is asked to", async ({ page, server }) => {
  await embed(page, server, "<cert-quote></cert-quote>", {}, "");
  const defined = await page.evaluate(async () => {
    const { defineElements } = await import(new URL("/pure.js", location.href).href);
    const before = customElements.get("cert-quote") !== undefined;
    defineElements();
    defineElements();
    return [before, customElements.get("cert-quote") !== undefined];
  });
  expect(defined).toEqual([false, true]);
  await expect(page.locator("cert-quote").getByRole("textbox", { name: "DNS names" })).toBeVisible();
});

test.describe("the types", () => {
  test.slow();

  const compile = (moduleResolution: ts.ModuleResolutionKind, module: ts.ModuleKind) => {
    const consumer = join(application, "consumer.ts");
    copyFileSync(fileURLToPath(new URL("support/consumer.ts", import.meta.url)), consumer);
    return ts.createProgram([consumer], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipDefaultLibCheck: true,
      module,
      moduleResolution,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: [],
    });
  };

  for (const [what, resolution, module] of [
    ["a bundler", ts.ModuleResolutionKind.Bundler, ts.ModuleKind.ESNext],
    ["Node", ts.ModuleResolutionKind.NodeNext, ts.ModuleKind.NodeNext],
  ] as const) {
    test(`hold for a strict consumer with the resolution of ${what}`, () => {
      const problems = ts.getPreEmitDiagnostics(compile(resolution, module));
      expect(problems.map(({ messageText, file, start }) => `${file?.fileName}:${start} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`)).toEqual([]);
    });
  }

  test("say what the manifest says", () => {
    const program = compile(ts.ModuleResolutionKind.Bundler, ts.ModuleKind.ESNext);
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(join(application, "node_modules/certquote/certquote.d.ts"));
    const module = source && checker.getSymbolAtLocation(source);
    if (!source || !module) throw new Error("the types are not there");
    const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));
    const typeOf = (name: string) => checker.getDeclaredTypeOfSymbol(exported.get(name) ?? checker.resolveName(name, source, ts.SymbolFlags.Type, false)!);
    const written = (symbol: ts.Symbol) => checker.typeToString(checker.getTypeOfSymbol(symbol), source, ts.TypeFormatFlags.NoTruncation);
    const readonly = (symbol: ts.Symbol) => symbol.declarations?.some((declaration) => (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0) ?? false;
    const own = (type: ts.Type, base: ts.Type) => {
      const inherited = new Set(checker.getPropertiesOfType(base).map(({ name }) => name));
      return checker.getPropertiesOfType(type).filter(({ name }) => !inherited.has(name));
    };
    const tags = new Map(checker.getPropertiesOfType(typeOf("HTMLElementTagNameMap")).map((symbol) => [symbol.name, written(symbol)]));

    for (const declaration of manifest()) {
      expect(tags.get(declaration.tagName)).toBe(declaration.name);
      const members = own(typeOf(declaration.name), typeOf("HTMLElement"));
      expect(
        members.map((symbol) => `${readonly(symbol) ? "readonly " : ""}${symbol.name}: ${written(symbol)}`).toSorted(),
        declaration.name,
      ).toEqual(
        declaration.members
          .map(({ name, type, return: returns, readonly }) => `${readonly ? "readonly " : ""}${name}: ${type?.text ?? `() => ${returns?.type.text}`}`)
          .toSorted(),
      );
      const events = checker.getPropertiesOfType(typeOf(declaration.name.replace("Element", "EventMap")));
      expect(events.map((symbol) => `${symbol.name}: ${written(symbol).replace("; }", " }")}`).toSorted(), declaration.name).toEqual(
        declaration.events.map(({ name, type }) => `${name}: ${type?.text}`).toSorted(),
      );
      // Every name has words, in the types as in the manifest.
      const documented = (symbol: ts.Symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)) !== "";
      expect(members.filter((symbol) => !documented(symbol)).map(({ name }) => name)).toEqual([]);
    }
  });

  test("name the values that the modules export", async ({ page, server }) => {
    const program = compile(ts.ModuleResolutionKind.Bundler, ts.ModuleKind.ESNext);
    const checker = program.getTypeChecker();
    await embed(page, server, "");
    for (const name of ["certquote", "pure"]) {
      const source = program.getSourceFile(join(application, `node_modules/certquote/${name}.d.ts`));
      const module = source && checker.getSymbolAtLocation(source);
      const typed = module ? checker.getExportsOfModule(module) : [];
      const values = typed.filter((symbol) => {
        const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        return (target.flags & ts.SymbolFlags.Value) !== 0;
      });
      const exported = await page.evaluate(async (name) => Object.keys(await import(new URL(`/${name}.js`, location.href).href)), name);
      expect(names(values), name).toEqual(exported.toSorted());
    }
  });
});

test.describe("the elements", () => {
  test("have the members and observe the attributes that the manifest lists", async ({ page, server }) => {
    await embed(page, server, "");
    for (const { tagName, attributes, members } of manifest()) {
      const found = await page.evaluate((tag) => {
        const element = customElements.get(tag) as any;
        const reactions = ["constructor", "connectedCallback", "disconnectedCallback", "attributeChangedCallback", "handleEvent"];
        const own = Object.entries(Object.getOwnPropertyDescriptors(element.prototype)).filter(([name]) => !reactions.includes(name));
        return {
          attributes: element.observedAttributes.toSorted() as string[],
          members: own.map(([name, { value, set }]) => `${name} ${value ? "method" : set ? "field" : "readonly field"}`).toSorted(),
        };
      }, tagName);
      expect(found.attributes, tagName).toEqual(names(attributes));
      expect(found.members, tagName).toEqual(members.map(({ name, kind, readonly }) => `${name} ${readonly ? "readonly " : ""}${kind}`).toSorted());
    }
  });

  test("have no parts but those of the manifest", async ({ page, server }) => {
    await embed(page, server, manifest().map(({ tagName }) => `<${tagName}></${tagName}>`).join(""));
    for (const { tagName, cssParts } of manifest()) {
      const element = page.locator(tagName);
      await expect.poll(() => element.evaluate((element: any) => element.state)).not.toBe("loading");
      const parts = await element.evaluate((element) => [...element.shadowRoot!.querySelectorAll("[part]")].flatMap((part) => [...part.part]));
      expect(parts.length).toBeGreaterThan(0);
      expect([...new Set(parts)].filter((part) => !names(cssParts).includes(part)), tagName).toEqual([]);
    }
  });
});
