import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { upgradeDocument } from "../../../tools/generate/read/contract.ts";
import { parseDocument } from "../../../tools/generate/read/document.ts";
import { NO_FILES } from "../../../tools/generate/read/references.ts";

/** A Swagger document as OpenAPI 3.1. */
export async function upgradeValue(document: JsonObject): Promise<JsonObject> {
  const { openapi } = await upgradeDocument(
    await parseDocument("spec.json", JSON.stringify(document)),
    NO_FILES,
  );
  return openapi;
}
