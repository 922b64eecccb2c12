import { createSignedClient, type SignedClient, type SignedClientOptions } from "../client/client.ts";
import { type CredentialScope, necIdScope } from "../openapi/scope.ts";

/** What is generated for one version of the API. */
export type GeneratedClient<Paths extends {}, Operations> = {
  /** Makes one method for each operationId. */
  calls: (client: SignedClient<Paths>) => Operations;
  operations: Readonly<Record<string, GeneratedOperation>>;
  serverUrl: string;
};
type GeneratedOperation = {
  method: string;
  path: string;
  security: readonly (readonly unknown[])[];
};

/** An openapi-fetch client, with one method for each operationId under `operations`. */
export type ClientWithOperations<Paths extends {}, Operations> = SignedClient<Paths> & {
  operations: Operations;
};

/** POST operations that change nothing. */
const safePosts = new Set(["POST /face/extract", "POST /face/search", "POST /face/verify"]);

/** NEC ID's region and service are its own wherever it is called. */
function scopeOfNecId({
  region = necIdScope.region,
  service = necIdScope.service,
}: Partial<CredentialScope>) {
  return { region, service };
}

/** Creates the client of one version of NEC ID. `contracts/necid/client.ts` says what it does. */
export function createGeneratedClient<Paths extends {}, Operations>(
  { calls, operations, serverUrl }: GeneratedClient<Paths, Operations>,
  options: Omit<SignedClientOptions, "baseUrl"> & { baseUrl?: string },
): ClientWithOperations<Paths, Operations> {
  const unsigned = new Set(
    Object.values(operations)
      .filter(({ security }) => security.every((schemes) => schemes.length === 0))
      .map(({ method, path }) => `${method} ${path}`),
  );
  const client = createSignedClient<Paths>({
    unsigned: (method, path) => unsigned.has(`${method} ${path}`),
    repeatable: (method, path) => safePosts.has(`${method} ${path}`),
    ...options,
    ...scopeOfNecId(options),
    baseUrl: options.baseUrl ?? serverUrl,
  });
  return { ...client, operations: calls(client) };
}
