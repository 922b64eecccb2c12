import { basename } from "node:path";
import { requirePackages } from "../../contracts/openapi/optional-packages.ts";
import type { MockContract } from "../../mocks/handle/handler.ts";
import { buildContract } from "../generate/read/contract.ts";
import type { ReadLimits } from "../generate/read/references.ts";
import { refuseBrokenSchemas } from "../generate/validators/broken-schemas.ts";
import { createValidators } from "../generate/validators/compile.ts";
import { slowPatternsOf, withoutSlowPatterns } from "../generate/validators/slow-patterns.ts";

/**
 * A contract that is read when the mock starts: what `generate` makes beforehand is made in memory, each part
 * when a request first needs it.
 * @throws {SpecError} with every problem of the files.
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
} & ReadLimits): Promise<MockContract> {
  const [
    { createValidation },
    { hasGateway },
    { createDocumented },
    { createPrismEngine },
    { withCache },
    { createStockEngine },
  ] = await Promise.all([
    import("../../contracts/openapi/validation.ts"),
    import("../../contracts/openapi/operations.ts"),
    import("../../mocks/documented/documented.ts"),
    import("../../mocks/prism/prism.ts"),
    import("../../mocks/prism/cached.ts"),
    import("../../mocks/prism/stock.ts"),
  ]);
  const contract = await buildContract({ spec, overlay, ...limits });
  refuseBrokenSchemas(contract);
  if (!hasGateway(contract.openapi as unknown as MockContract["openapi"])) requirePackages("stock");
  const openapi = contract.openapi as unknown as MockContract["openapi"];
  const validation = createValidation(await createValidators(contract.openapi));
  const documented = createDocumented(openapi, { slowPatterns: slowPatternsOf(contract.openapi) });
  // Prism has no time box for patterns.
  const served = withoutSlowPatterns(contract.openapi) as unknown as MockContract["openapi"];
  return {
    name: basename(spec),
    openapi,
    validation,
    engine: withCache(createPrismEngine(served, { seed, validateRequests: false, documented })),
    explain: createPrismEngine(served, { seed, documented }),
    ...(!hasGateway(openapi) && {
      stock: ({ checkSecurity }) =>
        createStockEngine(served, { validation, checkSecurity, seed, documented }),
    }),
  };
}
