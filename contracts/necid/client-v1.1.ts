import { calls, operations, serverUrl } from "#generated/necid-v1.1/client.js";
import type { paths } from "#generated/necid-v1.1/schema.d.ts";
import { createSignedClient, type SignedClient, type SignedClientOptions } from "../client/client.ts";

export * from "../client/client.ts";

/**
 * Creates the client of NEC ID v1.1: openapi-fetch with the contract's types, signed requests, and one method for
 * each operationId under `operations`.
 *
 * It does all that the client of v1 does. Extract and the comparison of two faces need no API key, so that one is
 * needed only for the other operations.
 *
 * @example
 * const client = createClient({ accessKeyId, secretAccessKey, apiKey });
 * const { data } = await client.operations.ApiSubjectsPost({ body: { face, tags: ["visitor"] } });
 * @param options as for `createSignedClient`.
 * @throws as `createSignedClient` does.
 */
export function createClient(options: NecIdClientOptions): NecIdClient {
  const client = createSignedClient<paths>({
    unsigned: (method, path) => unsigned.has(`${method} ${path}`),
    repeatable: (method, path) => safePosts.has(`${method} ${path}`),
    ...options,
    baseUrl: options.baseUrl ?? serverUrl,
  });
  return { ...client, operations: calls(client) };
}

/** An openapi-fetch client, with one method for each operationId under `operations`. */
export type NecIdClient = SignedClient<paths> & { operations: ReturnType<typeof calls> };

export type NecIdClientOptions = Omit<SignedClientOptions, "baseUrl"> & {
  /**
   * URL of the API with its base path.
   * @default "https://api.id.nec.com.au/v1.1", the contract's server
   */
  baseUrl?: string;
};

/** POST operations that change nothing. */
const safePosts = new Set(["POST /face/extract", "POST /face/search", "POST /face/verify"]);

const unsigned = new Set(
  Object.values(operations)
    .filter(({ security }) => security.every((schemes) => schemes.length === 0))
    .map(({ method, path }) => `${method} ${path}`),
);
