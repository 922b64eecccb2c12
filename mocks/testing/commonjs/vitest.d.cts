// The types of the CommonJS door. A test compares the names with those of the ES module.
import type * as module from "../../../dist/mocks/testing/vitest.js" with { "resolution-mode": "import" };

export type * from "../../../dist/mocks/testing/vitest.js" with { "resolution-mode": "import" };
export declare const expect: typeof module.expect;
export declare const it: typeof module.it;
export declare const test: typeof module.test;
export declare const testWith: typeof module.testWith;
export declare const useMock: typeof module.useMock;
