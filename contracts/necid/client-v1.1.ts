import { calls, operations, serverUrl } from "#generated/necid-v1.1/client.js";
import type { paths } from "#generated/necid-v1.1/schema.d.ts";
import type { SignedClientOptions } from "../client/client.ts";
import { type ClientWithOperations, createGeneratedClient } from "./generated-client.ts";

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
  return createGeneratedClient<paths, Operations>({ calls, operations, serverUrl }, options);
}

/** An openapi-fetch client, with one method for each operationId under `operations`. */
export type NecIdClient = ClientWithOperations<paths, Operations>;
type Operations = ReturnType<typeof calls>;

export type NecIdClientOptions = Omit<SignedClientOptions, "baseUrl"> & {
  /**
   * URL of the API with its base path.
   * @default "https://api.id.nec.com.au/v1.1", the contract's server
   */
  baseUrl?: string;
};
