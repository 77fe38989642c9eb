// Builds the application in the current directory into `dist/`, by a bundler as it comes: `node build.mjs vite|webpack`
import { copyFileSync } from "node:fs";
import { build } from "vite";
import webpack from "webpack";

const context = process.cwd();

const bundlers = {
  vite: () => build({ root: context, configFile: false, logLevel: "error" }),
  webpack: () =>
    new Promise((done, failed) =>
      webpack({ mode: "production", context, entry: "./main.js", output: { path: `${context}/dist` }, performance: { hints: false } }, (error, stats) => {
        if (error || stats.hasErrors() || stats.hasWarnings()) return failed(error ?? new Error(stats.toString()));
        copyFileSync("webpack.html", "dist/index.html");
        done();
      }),
    ),
};
await bundlers[process.argv[2]]();
