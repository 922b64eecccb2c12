import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { OpenApi } from "../../contracts/openapi/operations.ts";
import { necIdScope } from "../../contracts/openapi/scope.ts";
import { createValidation, type Validators } from "../../contracts/openapi/validation.ts";
import type { LazyContract, MockContract } from "../handle/handler.ts";
import { withCache } from "../prism/cached.ts";
import type { Engine } from "../prism/prism.ts";
import type { OperationResponses } from "../prism/responses.ts";
import { createDynamicResponses } from "./dynamic.ts";
import { invalidRequest } from "./invalid-request.ts";
import { necIdService } from "./service.ts";

/** The versions of NEC ID that are served. */
export type NecIdVersion = "v1" | "v1.1";

/** v1, and v1.1 which is loaded when it is first called. Both work on the same galleries. */
export async function loadNecIdContracts(
  options: { seed?: string } = {},
): Promise<[MockContract, LazyContract]> {
  const load = () => loadNecIdContract({ ...options, version: "v1.1" });
  const openapi = readOpenApi(packaged("v1.1"));
  const late = { name: "necid-v1.1", openapi, service: necIdService, pact: pactOf("v1.1", openapi), load };
  return [await loadNecIdContract(options), late];
}

/**
 * Loads a generated contract of NEC ID with its validators and responses, after which its directory may
 * go. Prism is loaded with the first request that reaches it.
 *
 * @param options.version v1 unless given.
 * @param options.directory where it was generated; the package's own unless given.
 * @param options.seed makes `dynamic` responses repeatable.
 */
export async function loadNecIdContract(
  options: { version?: NecIdVersion; directory?: string; seed?: string } = {},
): Promise<MockContract> {
  const { version = "v1", directory = packaged(version) } = options;
  const readJson = (name: string) => JSON.parse(readFileSync(join(directory, name), "utf8"));
  const openapi = readOpenApi(directory);
  const responses: Record<string, OperationResponses> = readJson("responses.json").operations;
  const validators: Validators = await import(pathToFileURL(join(directory, "validators.js")).href);
  return {
    name: `necid-${version}`,
    openapi,
    validation: createValidation(validators),
    engine: withCache(loadOnFirstRequest(openapi, options.seed), responses),
    invalidRequest,
    scope: necIdScope,
    dynamic: createDynamicResponses(responses, { version, seed: options.seed }),
    service: necIdService,
    pact: pactOf(version, openapi),
  };
}

function pactOf(version: NecIdVersion, openapi: OpenApi): NonNullable<MockContract["pact"]> {
  return async (world, options) => {
    const { createNecIdPact } = await import("./pact/pact.ts");
    return createNecIdPact(world, { openapi, name: `necid-${version}`, ...options });
  };
}

/**
 * The package's own contract: two folders up from the source, three from what `npm run build` wrote.
 * `import.meta.resolve` is missing in Jest.
 */
function packaged(version: NecIdVersion): string {
  const root = import.meta.url.endsWith(".ts") ? "../../" : "../../../";
  return fileURLToPath(new URL(`${root}generated/necid-${version}`, import.meta.url));
}

function readOpenApi(directory: string): OpenApi {
  return JSON.parse(readFileSync(join(directory, "openapi.json"), "utf8"));
}

/** Loads Prism with the first request that needs it: most mocks never receive one. */
function loadOnFirstRequest(openapi: OpenApi, seed: string | undefined): Engine {
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
