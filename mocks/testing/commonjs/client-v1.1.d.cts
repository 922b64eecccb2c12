// The types of the CommonJS door. A test compares the names with those of the ES module.
import type * as module from "../../../dist/contracts/necid/client-v1.1.js" with {
  "resolution-mode": "import",
};

export type * from "../../../dist/contracts/necid/client-v1.1.js" with { "resolution-mode": "import" };
export declare const ClientOptionError: typeof module.ClientOptionError;
export type ClientOptionError = module.ClientOptionError;
export declare const HeaderValueError: typeof module.HeaderValueError;
export type HeaderValueError = module.HeaderValueError;
export declare const ImageTooLargeError: typeof module.ImageTooLargeError;
export type ImageTooLargeError = module.ImageTooLargeError;
export declare const NetworkError: typeof module.NetworkError;
export type NetworkError = module.NetworkError;
export declare const PathParameterError: typeof module.PathParameterError;
export type PathParameterError = module.PathParameterError;
export declare const ResponseTimeoutError: typeof module.ResponseTimeoutError;
export type ResponseTimeoutError = module.ResponseTimeoutError;
export declare const ResponseTooLargeError: typeof module.ResponseTooLargeError;
export type ResponseTooLargeError = module.ResponseTooLargeError;
export declare const UnexpectedResponseError: typeof module.UnexpectedResponseError;
export type UnexpectedResponseError = module.UnexpectedResponseError;
export declare const createClient: typeof module.createClient;
export declare const createSignedClient: typeof module.createSignedClient;
export declare const encodeImage: typeof module.encodeImage;
export declare const isStatus: typeof module.isStatus;
