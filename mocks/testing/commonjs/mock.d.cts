// The types of the CommonJS door. A test compares the names with those of the ES module.
import type * as module from "../../../dist/mocks/testing/mock.js" with { "resolution-mode": "import" };

export type * from "../../../dist/mocks/testing/mock.js" with { "resolution-mode": "import" };
export declare const BasePathError: typeof module.BasePathError;
export type BasePathError = module.BasePathError;
export declare const FaultError: typeof module.FaultError;
export type FaultError = module.FaultError;
export declare const ListenError: typeof module.ListenError;
export type ListenError = module.ListenError;
export declare const MockOptionError: typeof module.MockOptionError;
export type MockOptionError = module.MockOptionError;
export declare const StateError: typeof module.StateError;
export type StateError = module.StateError;
export declare const contractOf: typeof module.contractOf;
export declare const mockApiKeys: typeof module.mockApiKeys;
export declare const mockCredentials: typeof module.mockCredentials;
export declare const necIdMatchers: typeof module.necIdMatchers;
export declare const startMock: typeof module.startMock;
export declare const startWorld: typeof module.startWorld;
