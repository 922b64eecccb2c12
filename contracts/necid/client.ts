import { calls, operations, serverUrl } from "#generated/necid-v1/client.js";
import type { paths } from "#generated/necid-v1/schema.d.ts";
import type { SignedClientOptions } from "../client/client.ts";
import { type ClientWithOperations, createGeneratedClient } from "./generated-client.ts";

export * from "../client/client.ts";

/**
 * Creates the client of NEC ID: openapi-fetch with the contract's types, signed requests, and one method for
 * each operationId under `operations`.
 *
 * Health checks and CORS preflight requests are sent without credentials. Extract, search and verify are
 * retried like a GET. A registration is not, because registering twice creates two subjects: to retry it
 * nevertheless, set `retries` to `{ attempts, also: ["POST /subjects"] }`.
 *
 * @example
 * const client = createClient({ accessKeyId, secretAccessKey, apiKey });
 * const { data, error, response } = await client.operations.ApiSubjectsPost({ body: { face } });
 * @param options as for `createSignedClient`.
 * @throws as `createSignedClient` does.
 */
export function createClient(options: NecIdClientOptions): NecIdClient {
  return createGeneratedClient<paths, Operations>({ calls, operations, serverUrl }, options);
}

/** An openapi-fetch client, with one method for each operationId under `operations`. */
export type NecIdClient = ClientWithOperations<paths, Operations>;
type Operations = ReturnType<typeof calls>;

export type NecIdClientOptions = Omit<SignedClientOptions, "baseUrl"> & {
  /**
   * URL of the API with its base path.
   * @default "https://api.id.nec.com.au/v1", the contract's server
   */
  baseUrl?: string;
};
