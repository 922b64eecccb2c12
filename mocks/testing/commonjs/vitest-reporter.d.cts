// The types of the CommonJS door. A test compares the names with those of the ES module.
import type * as module from "../../../dist/mocks/testing/vitest-reporter.js" with {
  "resolution-mode": "import",
};

declare const reporter: { default: typeof module.default };
export = reporter;
