import { basename } from "node:path";
import type { OpenApi } from "../../contracts/openapi/operations.ts";
import { requirePackages } from "../../contracts/openapi/optional-packages.ts";
import type { MockContract } from "../handle/handler.ts";
import type { HttpRequest } from "../http/request.ts";
/** A contract of a description file, and what was found in it. */
export type SpecContract = MockContract & {
  /** Warnings and notes as `file:line:column message`, none of which stops the mock. */
  warnings: string[];
};

/**
 * A contract that is read when the mock starts: what `generate` makes beforehand is made in memory, each part
 * when a request first needs it.
 *
 * @param options.spec Swagger 2.0 or OpenAPI 3.x, YAML or JSON.
 * @param options.overlay an OpenAPI Overlay for it.
 * @param options.seed makes `dynamic` responses repeatable.
 * @throws {SpecError} with every problem of the files.
 * @throws {MissingPackagesError} when packages are not installed that reading a description needs.
 * @example
 * const mock = await startMock({ contract: await contractOf({ spec: "orders.yaml" }) });
 */
export async function contractOf({
  spec,
  overlay,
  seed,
  ...limits
}: {
  spec: string;
  overlay?: string;
  seed?: string;
  /** Further folders that references may lead into. */
  allowRefs?: readonly string[];
  /** Bytes of each file. */
  maxSpecSize?: number;
}): Promise<SpecContract> {
  requirePackages("generate");
  const [
    { createValidation },
    { hasGateway },
    { buildContract },
    { printProblem },
    { createValidators },
    { slowPatternsOf, warnOfPatterns, withoutSlowPatterns },
    { createDocumented },
    { createPrismEngine },
    { withCache },
    { createStockEngine },
  ] = await Promise.all([
    import("../../contracts/openapi/validation.ts"),
    import("../../contracts/openapi/operations.ts"),
    import("../../tools/generate/read/contract.ts"),
    import("../../tools/generate/read/problem.ts"),
    import("../../tools/generate/validators/compile.ts"),
    import("../../tools/generate/validators/slow-patterns.ts"),
    import("../documented/documented.ts"),
    import("../prism/prism.ts"),
    import("../prism/cached.ts"),
    import("../prism/stock.ts"),
  ]);
  const contract = await buildContract({ spec, overlay, ...limits });
  const openapi = asOpenApi(contract.openapi);
  const isBehindGateway = hasGateway(openapi);
  if (!isBehindGateway) requirePackages("stock");
  const validation = createValidation(await createValidators(contract.openapi));
  // Prism has no time box for patterns.
  const slowPatterns = slowPatternsOf(contract.openapi);
  const served = slowPatterns.size === 0 ? openapi : asOpenApi(withoutSlowPatterns(contract.openapi));
  const documented = createDocumented(openapi, { slowPatterns });
  return {
    name: basename(spec),
    openapi,
    validation,
    alternatives: documented.alternatives,
    warnings: [...warnOfPatterns(contract), ...contract.warnings].map(printProblem),
    engine: withCache(createPrismEngine(served, { seed, validateRequests: false, documented })),
    explain: bySize((openapi) => createPrismEngine(openapi, { seed, documented })),
    ...(!isBehindGateway && {
      stock: ({ checkSecurity }) =>
        bySize((openapi) => createStockEngine(openapi, { validation, checkSecurity, seed, documented })),
    }),
  };

  /** An engine that leaves out of long requests the patterns that take long for long texts. */
  function bySize<
    Each extends { respond(request: HttpRequest): unknown; cached?(request: HttpRequest): unknown },
  >(create: (openapi: OpenApi) => Each): Each {
    const engine = create(served);
    const shortened = withoutSlowPatterns(contract.openapi, { longTexts: true });
    if (shortened === contract.openapi) return engine;
    const careful = create(asOpenApi(shortened));
    return {
      ...engine,
      respond: (request: HttpRequest) => (isLong(request) ? careful : engine).respond(request),
      ...(engine.cached && {
        cached: (request: HttpRequest) => (isLong(request) ? undefined : engine.cached!(request)),
      }),
    };
  }
}

/** Whether a text of a request may be longer than is safe for every pattern. */
function isLong({ target, rawHeaders, body }: HttpRequest): boolean {
  return body.length > 2000 || target.length > 2000 || rawHeaders.some((text) => text.length > 2000);
}

function asOpenApi(document: unknown): OpenApi {
  return document as OpenApi;
}
