import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createValidation, type Validators } from "../../contracts/validation.ts";
import { createPrismEngine } from "../engine/prism.ts";
import { withMemory } from "../engine/recall.ts";
import type { MockContract } from "../handle.ts";
import { invalidRequest } from "./invalid-request.ts";
import { necIdService } from "./service.ts";

/**
 * Loads a generated contract of NEC ID v1 with its validators and answers. Prism is loaded with the first
 * question that reaches it.
 *
 * @param options.directory where it was generated; the package's own unless given.
 * @param options.seed makes `dynamic` answers repeatable.
 */
export async function loadNecIdContract(
  options: { directory?: string; seed?: string } = {},
): Promise<MockContract> {
  const directory =
    options.directory ?? dirname(fileURLToPath(import.meta.resolve("#generated/necid-v1/openapi.json")));
  const readJson = async (name: string) => JSON.parse(await readFile(join(directory, name), "utf8"));
  const [openapi, answers, validators] = await Promise.all([
    readJson("openapi.json"),
    readJson("answers.json"),
    import(pathToFileURL(join(directory, "validators.js")).href) as Promise<Validators>,
  ]);
  return {
    name: "necid-v1",
    openapi,
    validation: createValidation(validators),
    engine: withMemory(createPrismEngine(openapi, { seed: options.seed, validateRequests: false }), answers),
    invalidRequest,
    service: necIdService,
  };
}
