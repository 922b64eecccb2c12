import type { Client } from "openapi-fetch";
import { calls, operations, serverUrl } from "#generated/necid-v1/client.js";
import type { paths } from "#generated/necid-v1/schema.d.ts";
import { createSignedClient, type SignedClientOptions } from "../client/client.ts";

export * from "../client/client.ts";

/**
 * Creates the client of NEC ID: openapi-fetch with the contract's types, signed, and under `operations`
 * one method for each operationId, `client.operations.ApiSubjectsPost({ body: { face } })`.
 *
 * Health and CORS preflight go without credentials. The questions (extract, search, verify) are sent again
 * like a GET; a registration whose fate is unknown is not, unless `retries` is
 * `{ attempts, also: ["POST /subjects"] }`: sent twice, it registers two subjects.
 *
 * @param options as for `createSignedClient`; `baseUrl` is the contract's server unless given.
 * @throws as `createSignedClient` does.
 */
export function createClient(options: NecIdClientOptions): NecIdClient {
  const client = createSignedClient<paths>({
    unsigned: (method, path) => open.has(`${method} ${path}`),
    repeatable: (method, path) => questions.has(`${method} ${path}`),
    ...options,
    baseUrl: options.baseUrl ?? serverUrl,
  });
  return { ...client, operations: calls(client) };
}

/** The client of every path, and `operations`: one method for each operationId. */
export type NecIdClient = Client<paths> & { operations: ReturnType<typeof calls<`${string}/${string}`>> };

export type NecIdClientOptions = Omit<SignedClientOptions, "baseUrl"> & { baseUrl?: string };

/** They change nothing, so that asking twice is asking once. */
const questions = new Set(["POST /face/extract", "POST /face/search", "POST /face/verify"]);

const open = new Set(
  Object.values(operations)
    .filter(({ security }) => security.every((schemes) => schemes.length === 0))
    .map(({ method, path }) => `${method} ${path}`),
);
