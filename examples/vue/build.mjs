// Bundles the application: `node build.mjs OUT`. A project on Vite says `isCustomElement` in its plugin's options instead.
import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { compileScript, parse } from "vue/compiler-sfc";

/** Single-file components: templates become functions here, since a strict CSP does not let the browser compile them. */
const components = {
  name: "vue",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor, errors } = parse(await readFile(path, "utf8"), { filename: path });
      if (errors.length > 0) return { errors: errors.map(({ message }) => ({ text: message })) };
      const { content } = compileScript(descriptor, {
        id: path,
        inlineTemplate: true,
        templateOptions: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("cert-") } },
      });
      return { contents: content, loader: "ts" };
    });
  },
};

await build({
  entryPoints: ["src/main.ts"],
  outdir: process.argv[2],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  // The elements stay files of their own, as they came: they find their wasm beside themselves.
  alias: { certquote: "/certquote/certquote.js" },
  external: ["/certquote/certquote.js"],
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  plugins: [components],
});
