// What the benchmark of the history does inside its pages, for `addInitScript`. Either defines `account`.

/** On a page with a `<cert-history>`. */
export function defineAccount() {
  const memories = [];
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      const { exports } = made.instance ?? made;
      memories.push(...Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
      return made;
    };
  }
  const root = () => document.querySelector("cert-history")?.shadowRoot;
  const all = (selector) => [...(root()?.querySelectorAll(selector) ?? [])];
  const rows = () => all("[data-adjustment]");
  const shown = () => rows().map((row) => row.dataset.adjustment).join(" ");
  const history = () =>
    performance.getEntriesByType("resource").filter(({ name }) => name.includes("/finance/balance-history"));
  performance.setResourceTimingBufferSize(10_000);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  /** The next frame is on the screen when a task runs after it. */
  const painted = async () => {
    await frame();
    await new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
    return performance.now();
  };
  const changed = (test) =>
    new Promise((done, fail) => {
      if (test()) return done();
      const give = setTimeout(() => fail(new Error(`not seen in 180 s: ${test}`)), 180_000);
      const observer = new MutationObserver(() => {
        if (!test()) return;
        observer.disconnect();
        clearTimeout(give);
        done();
      });
      observer.observe(root(), { childList: true, subtree: true, characterData: true, attributes: true });
    });
  const button = (name) => all("button").find((button) => button.textContent.trim() === name);
  globalThis.account = {
    async firstRows() {
      while (!root()) await frame();
      await changed(() => rows().length > 0);
      const at = await painted();
      while (history().length === 0) await frame();
      return at - history()[0].responseEnd;
    },
    async loadAll(count) {
      await changed(() => button("Load all adjustments") !== undefined);
      const started = performance.now();
      button("Load all adjustments").click();
      const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ",");
      await changed(() => all(".basis").some((basis) => basis.textContent.includes(`All ${digits}`)));
      return (await painted()) - started;
    },
    async sort(column) {
      const before = shown();
      const head = all("button").find((button) => button.textContent.includes(column) && button.closest("[role=columnheader], th"));
      const started = performance.now();
      head.click();
      await changed(() => shown() !== before);
      return (await painted()) - started;
    },
    async filter(turn) {
      const choice = all("select").find((select) => select.labels?.[0]?.textContent.includes("Transaction type") || select.getAttribute("aria-label") === "Transaction type");
      const options = [...choice.options].map(({ value }) => value);
      const before = shown();
      const next = turn < 0 ? options[0] : options[1 + (turn % (options.length - 1))];
      if (choice.value === next) return 0;
      const started = performance.now();
      choice.value = next;
      for (const name of ["input", "change"]) choice.dispatchEvent(new Event(name, { bubbles: true }));
      await changed(() => shown() !== before);
      return (await painted()) - started;
    },
    async scroll() {
      const tall = all("*").filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowY));
      const box = tall.sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
      box.scrollIntoView();
      const steps = 240;
      for (let step = 0; step <= steps; step += 1) {
        box.scrollTop = ((box.scrollHeight - box.clientHeight) * step) / steps;
        await frame();
      }
      await painted();
    },
    rowElements: () => rows().length,
    wasmMemory: () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
  };
}

/** On a page without an element: the answers themselves. */
export function defineRows() {
  const PAGE = 1000;
  let pages = [];
  let whole;
  let module;
  let kept;
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const timed = (runs, act, before = () => {}) => {
    const times = [];
    for (let i = -1; i < runs; i += 1) {
      before();
      const started = performance.now();
      act();
      // The first run pays for compilation.
      if (i >= 0) times.push(performance.now() - started);
    }
    return median(times);
  };
  const make = async () => (await WebAssembly.instantiate(module, {})).exports;
  const put = (wasm, bytes) => {
    const at = wasm.room(bytes.length);
    new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
  };
  const amount = (row) => (row.credit === undefined ? -Number(row.debit) : Number(row.credit));
  globalThis.account = {
    async fetchAll(count) {
      const bodies = [];
      for (let offset = 0; offset < count; offset += PAGE) {
        const response = await fetch(`/api/digicert/finance/balance-history?limit=${PAGE}&offset=${offset}`);
        bodies.push(await response.text());
      }
      const inner = bodies.map((body) => body.slice(body.indexOf("[") + 1, body.lastIndexOf("]")));
      pages = bodies.map((body) => new TextEncoder().encode(body));
      whole = new TextEncoder().encode(`{"adjustments":[${inner.join(",")}],"page":{"total":${count}}}`);
    },
    async instantiate(bytes) {
      module = await WebAssembly.compile(new Uint8Array(bytes));
    },
    async times(runs) {
      const text = new TextDecoder().decode(whole);
      const rows = JSON.parse(text).adjustments.map((row) => ({ ...row, amount: amount(row) }));
      const wasm = await make();
      put(wasm, whole);
      const check = (count) => {
        if (count !== rows.length) throw new Error(`${count} rows of ${rows.length} were read`);
      };
      const parse = timed(runs, () => check(JSON.parse(text).adjustments.length));
      const decode = timed(runs, () => check(wasm.decode()));
      const load = timed(runs, () => check(wasm.load()), () => wasm.clear());
      let sorted;
      const jsSort = timed(runs, () => (sorted = [...rows].sort((a, b) => a.amount - b.amount)));
      let first;
      const sort = timed(runs, () => (first = wasm.sort_by_amount()));
      if (rows[first].amount !== sorted[0].amount) throw new Error("the two sorts disagree");
      return { bytes: whole.length, parse, decode, load, jsSort, sort };
    },
    forget() {
      whole = undefined;
    },
    keepObjects() {
      kept = pages.flatMap((bytes) => JSON.parse(new TextDecoder().decode(bytes)).adjustments);
      return kept.length;
    },
    /** The bytes that the ledger of all pages holds on to. */
    async keepLedger() {
      const wasm = await make();
      for (const bytes of pages) {
        put(wasm, bytes);
        wasm.load();
      }
      return wasm.ledger_bytes();
    },
  };
}
