import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parsed } from "./compare.ts";
import type { Received, Sent } from "./connection.ts";
import type { Described } from "./requests/described.ts";

/**
 * Judges answers that chance made: ours keeps the schema of its status wherever Prism's does.
 *
 * @param document the contract.
 */
export function createDynamicJudge(document: object) {
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema(absolute(document) as object, "contract:");
  return (operation: Described | undefined, ours: Received, prism: Received): boolean =>
    keeps(operation, ours) || !keeps(operation, prism);

  function keeps(operation: Described | undefined, { status, headers, body }: Received): boolean {
    const response = operation?.responses[status] ?? operation?.responses.default;
    const mediaType = headers["content-type"]?.split(";")[0];
    const schema = mediaType === undefined ? undefined : response?.content?.[mediaType]?.schema;
    if (schema === undefined) return true;
    return ajv.validate(absolute(schema) as object, parsed(body)) as boolean;
  }
}

/** The same with references that lead into the contract from anywhere, and without names that come twice then. */
function absolute(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(absolute);
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).filter(
    ([name]) => !/^\$(id|anchor|dynamicAnchor|dynamicRef)$/.test(name),
  );
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      name === "$ref" && typeof value === "string" && value.startsWith("#")
        ? `contract:${value}`
        : absolute(value),
    ]),
  );
}

/** Whether the request wants a dynamic response. */
export function isDynamic({ target, headers }: Sent): boolean {
  return (
    target.includes("__dynamic=true") ||
    headers.some(([name, value]) => /^prefer$/i.test(name) && value.includes("dynamic=true"))
  );
}
