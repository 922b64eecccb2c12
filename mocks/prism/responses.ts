import {
  type ContentObject,
  type OpenApi,
  type Operation,
  readOperations,
} from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import { createPrismEngine } from "./prism.ts";

/** One answer that Prism gives: for a status, a media type (if any) and a named example (if any). */
export type StaticAnswer = {
  mediaType: string | undefined;
  example: string | undefined;
  headers: Record<string, string>;
  body: unknown;
};

/** What Prism answers for one operation: its usual status, and the answers of each status, usual first. */
export type OperationAnswers = { usual: number; statuses: Record<string, StaticAnswer[]> };

/**
 * Asks Prism once for everything it can answer from the contract alone: each operation, documented
 * status, media type and named example. Keys are operation keys.
 *
 * @throws {UncompilableSchemaError} when a schema of the contract does not compile.
 */
export async function collectAnswers(document: object): Promise<Record<string, OperationAnswers>> {
  const openapi = document as OpenApi;
  const engine = createPrismEngine(openapi, { validateRequests: false });
  const answers: Record<string, OperationAnswers> = {};
  for (const operation of readOperations(openapi)) {
    const ask = (preference: { code?: number; example?: string }, accept?: string) =>
      engine.ask(
        {
          method: operation.method,
          path: operation.path.replaceAll(/\{[^}]*\}/g, "x"),
          pathParameters: {},
          query: {},
          mediaType: undefined,
          headers: accept ? { accept } : {},
          body: undefined,
          preference,
        },
        operation,
      );
    const statuses: OperationAnswers["statuses"] = {};
    for (const status of operation.statuses.filter((name) => /^\d{3}$/.test(name))) {
      statuses[status] = [];
      for (const [mediaType, example] of variants(openapi, operation, status)) {
        const { headers, body, mediaType: given } = await ask({ code: Number(status), example }, mediaType);
        statuses[status].push({ mediaType: given, example, headers, body });
      }
    }
    answers[operation.key] = { usual: (await ask({})).status, statuses };
  }
  return answers;
}

type Variant = [mediaType: string | undefined, example: string | undefined];

/** For each media type: what comes unasked, then each named example. */
function variants(openapi: OpenApi, { definition }: Operation, status: string): Variant[] {
  const content = dereference<ContentObject>(openapi, definition.responses?.[status])?.content ?? {};
  const found = Object.entries(content).flatMap(([mediaType, { examples = {} }]): Variant[] => [
    [mediaType, undefined],
    ...Object.keys(examples).map((name): Variant => [mediaType, name]),
  ]);
  return found.length > 0 ? found : [[undefined, undefined]];
}
