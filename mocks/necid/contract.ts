import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { OpenApi } from "../../contracts/openapi/operations.ts";
import { createValidation, type Validators } from "../../contracts/openapi/validation.ts";
import type { MockContract } from "../handle/handler.ts";
import { withCache } from "../prism/cached.ts";
import type { Engine } from "../prism/prism.ts";
import type { OperationResponses } from "../prism/responses.ts";
import { invalidRequest } from "./invalid-request.ts";
import { necIdService } from "./service.ts";

/**
 * Loads a generated contract of NEC ID v1 with its validators and responses, after which its directory may
 * go. Prism is loaded with the first request that reaches it.
 *
 * @param options.directory where it was generated; the package's own unless given.
 * @param options.seed makes `dynamic` responses repeatable.
 */
export async function loadNecIdContract(
  options: { directory?: string; seed?: string } = {},
): Promise<MockContract> {
  const directory = options.directory ?? packaged;
  const readJson = (name: string) => JSON.parse(readFileSync(join(directory, name), "utf8"));
  const openapi: OpenApi = readJson("openapi.json");
  const responses: Record<string, OperationResponses> = readJson("responses.json").operations;
  const validators: Validators = await import(pathToFileURL(join(directory, "validators.js")).href);
  return {
    name: "necid-v1",
    openapi,
    validation: createValidation(validators),
    engine: withCache(openLate(openapi, options.seed), responses),
    invalidRequest,
    service: necIdService,
    async pact(world, options) {
      const { createNecIdPact } = await import("./pact.ts");
      return createNecIdPact(world, { openapi, ...options });
    },
  };
}

/**
 * The package's own contract: two folders up from the source, three from what `npm run build` wrote.
 * `import.meta.resolve` is missing in Jest.
 */
const packaged = fileURLToPath(
  new URL(`${import.meta.url.endsWith(".ts") ? "../../" : "../../../"}generated/necid-v1`, import.meta.url),
);

/** Loads Prism with the first request that needs it: most mocks never receive one. */
function openLate(openapi: OpenApi, seed: string | undefined): Engine {
  const open = async () => {
    const { createPrismEngine } = await import("../prism/prism.ts");
    return createPrismEngine(openapi, { seed, validateRequests: false });
  };
  let engine: Promise<Engine> | undefined;
  return {
    async respond(request, preference) {
      engine ??= open();
      return (await engine).respond(request, preference);
    },
  };
}
