import {
  type ContentObject,
  type OpenApi,
  type Operation,
  readOperations,
} from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import { createDocumented } from "../documented/documented.ts";
import { HttpRequest } from "../http/request.ts";
import { createPrismEngine, type PrismResponse } from "./prism.ts";
import { withoutGreed } from "./slice.ts";

/** One response of Prism for a status, a media type (if any) and a named example (if any). */
export type StaticResponse = Pick<PrismResponse, "mediaType" | "headers" | "body"> & {
  example: string | undefined;
};

/** What Prism responds for one operation: its default status, and the responses of each status, default first. */
export type OperationResponses = { defaultStatus: number; statuses: Record<string, StaticResponse[]> };

/**
 * Collects every response that is made from the contract alone: each operation, documented status, media type and
 * named example. Keys are operation keys. Prism makes those that it can make.
 *
 * @param options.slowPatterns patterns that may take exponential time.
 */
export async function collectResponses(
  document: object,
  { slowPatterns }: { slowPatterns?: ReadonlySet<string> } = {},
): Promise<Record<string, OperationResponses>> {
  const openapi = document as OpenApi;
  const documented = createDocumented(openapi, { slowPatterns });
  const responses: [key: string, OperationResponses][] = [];
  for (const operation of readOperations(openapi)) {
    const names = Array.from(withoutGreed(operation.path).matchAll(/\{([^{}]*)\}/g), ([, name]) => [
      name!,
      "x",
    ]);
    const route = { operation, pathParameters: Object.fromEntries(names) };
    // An engine keeps every operation that it was asked for.
    const engine = createPrismEngine(openapi, { validateRequests: false, documented });
    const respond = (preference: { code?: number; example?: string }, accept?: string) => {
      const { method, path: target } = operation;
      const rawHeaders = accept ? ["Accept", accept] : [];
      const request = new HttpRequest({ method, target, rawHeaders, body: Buffer.alloc(0) });
      request.route = route;
      return engine.respond(request, preference);
    };
    const statuses: OperationResponses["statuses"] = {};
    for (const status of operation.statuses.filter((name) => /^\d{3}$/.test(name))) {
      statuses[status] = [];
      for (const [accept, example] of variants(openapi, operation, status)) {
        const { mediaType, headers, body } = await respond({ code: Number(status), example }, accept);
        // Bytes are made when they are asked for.
        if (!Buffer.isBuffer(body)) statuses[status].push({ mediaType, example, headers, body });
      }
    }
    responses.push([operation.key, { defaultStatus: (await respond({})).status, statuses }]);
  }
  return Object.fromEntries(responses);
}

type Variant = [mediaType: string | undefined, example: string | undefined];

/** For each media type: what comes by default, then each named example. */
function variants(openapi: OpenApi, { definition }: Operation, status: string): Variant[] {
  const content = dereference<ContentObject>(openapi, definition.responses?.[status])?.content ?? {};
  const found = Object.entries(content).flatMap(([mediaType, { examples = {} }]): Variant[] => [
    [mediaType, undefined],
    ...Object.keys(examples).map((name): Variant => [mediaType, name]),
  ]);
  return found.length > 0 ? found : [[undefined, undefined]];
}
