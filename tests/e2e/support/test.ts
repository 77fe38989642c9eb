// `test` and `expect` of every spec: a test fails on any console error, console warning or uncaught error of any page,
// unless it said before that it expects it.
import { test as base } from "@playwright/test";

export { expect } from "@playwright/test";

type Fixtures = {
  /** Expects messages that match; Chromium writes one itself for every answer with an error status. */
  allowConsole: (...patterns: RegExp[]) => void;
  watchConsole: void;
};

/** What Chromium says of an answer of 400 and more, and of a request that failed. */
export const failedToLoad = /^Failed to load resource/;

export const test = base.extend<Fixtures & { allowedMessages: RegExp[] }>({
  allowedMessages: async ({}, use) => use([]),
  allowConsole: async ({ allowedMessages }, use) => use((...patterns) => void allowedMessages.push(...patterns)),
  watchConsole: [
    async ({ context, allowedMessages }, use) => {
      const seen: string[] = [];
      context.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") seen.push(message.text());
      });
      context.on("weberror", (error) => seen.push(String(error.error().stack ?? error.error())));
      await use();
      const unexpected = seen.filter((text) => !allowedMessages.some((pattern) => pattern.test(text)));
      base.expect(unexpected, "messages in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});
