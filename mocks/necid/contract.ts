import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createValidation, type Validators } from "../../contracts/validation.ts";
import { createPrismEngine, type Engine } from "../engine/prism.ts";
import type { MockContract } from "../handle.ts";
import { invalidRequest } from "./invalid-request.ts";

/**
 * Loads the generated contract of NEC ID v1 with its validators. Prism is loaded with the first
 * question that reaches it.
 *
 * @param options.seed makes `dynamic` answers repeatable.
 */
export async function loadNecIdContract(options: { seed?: string } = {}): Promise<MockContract> {
  const file = fileURLToPath(import.meta.resolve("#generated/necid-v1/openapi.json"));
  const openapi = JSON.parse(await readFile(file, "utf8"));
  const validators = (await import("#generated/necid-v1/validators.js")) as unknown as Validators;
  let prism: Promise<Engine> | undefined;
  return {
    name: "necid-v1",
    openapi,
    validation: createValidation(validators),
    engine: {
      async ask(question) {
        prism ??= createPrismEngine(openapi, options);
        return (await prism).ask(question);
      },
    },
    invalidRequest,
  };
}
