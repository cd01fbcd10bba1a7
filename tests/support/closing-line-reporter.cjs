const { reporters, Runner } = require("mocha");

/** Mocha's own report, closed by one plain line that any machine can read. */
module.exports = class ClosingLineReporter extends reporters.Spec {
  /** @param {import("mocha").Runner} runner @param {import("mocha").MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    // After Spec's own epilogue, which hangs on the same event.
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, pending } = this.stats;
      const { failures } = runner;
      // Mocha fails a file without a test (failZero), and does not report that when files run in parallel.
      if (failures > this.stats.failures)
        process.stdout.write("A file has no test that runs here, which is a failure\n");
      process.stdout.write(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}\n`);
    });
  }
};
