// Written by `npm run generate` from spec/necid-v1.1.yaml. Do not edit.

import type { ErrorObject } from "ajv";

/** Validates a value; after `false`, `errors` holds every error. */
export type Validate = { (value: unknown): boolean; errors?: ErrorObject[] | null };

type Content = Record<string, Validate>;

/** By operation key (operationId, or `METHOD /path`), then media type. Absent when the operation takes no body. */
export declare const requestBody: Record<string, { required: boolean; content: Content }>;

/** By operation key, then place. Validates an object of name to text or texts, and converts the texts to the declared types in place. */
export declare const parameters: Record<string, Partial<Record<"path" | "query" | "header" | "cookie", Validate>>>;

/** By operation key, then status, then media type; no media type means that no body is documented. */
export declare const responseBody: Record<string, Record<string, Content>>;

/** By operation key, then status. Validates an object of lower-case header name to text. */
export declare const responseHeaders: Record<string, Record<string, Validate | undefined>>;

/** Texts that are known to be Base64 while a value is validated. */
export declare const known: { base64: readonly string[] };
