// The longest task of a page's main thread, from the browser's own trace: the Long Tasks API is silent below 50 ms.

/** Does something in a page; gives what came of it and the longest task meanwhile in ms, by the clock and of the CPU. */
export async function longestTask(page, act) {
  const devtools = await page.context().newCDPSession(page);
  const events = [];
  devtools.on("Tracing.dataCollected", ({ value }) => {
    for (const event of value) {
      if (event.name === "thread_name" || event.name.endsWith("RunTask")) events.push(event);
    }
  });
  await devtools.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { recordMode: "recordContinuously", includedCategories: ["toplevel", "__metadata"] },
  });
  const result = await act();
  const complete = new Promise((done) => devtools.once("Tracing.tracingComplete", done));
  await devtools.send("Tracing.end");
  await complete;
  await devtools.detach();
  const thread = ({ pid, tid }) => `${pid}/${tid}`;
  const main = new Set(events.filter(({ args }) => args?.name === "CrRendererMain").map(thread));
  const tasks = events.filter((event) => event.ph === "X" && main.has(thread(event)));
  if (tasks.length === 0) throw new Error("the trace holds no task of the page");
  const longest = (time) => Math.max(...tasks.map((task) => task[time] ?? 0)) / 1000;
  return { result, longest: longest("dur"), cpu: longest("tdur") };
}
