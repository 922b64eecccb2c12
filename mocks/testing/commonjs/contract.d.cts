// The types of the CommonJS door. A test compares the names with those of the ES module.
import type * as module from "../../../dist/contracts/necid/contract.js" with { "resolution-mode": "import" };

export type * from "../../../dist/contracts/necid/contract.js" with { "resolution-mode": "import" };
export declare const loadContract: typeof module.loadContract;
