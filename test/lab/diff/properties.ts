import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Json, JsonObject } from "../../../contracts/openapi/json.ts";
import { parsePointer, valueAt } from "../../../contracts/openapi/pointer.ts";
import { diffSources } from "../../../tools/diff/diff.ts";
import type { Level } from "../../../tools/diff/rules/rules.ts";
import { createRandom, type Openness, randomPair, randomTree, sampleValues } from "./random-schemas.ts";

/** What the diff said of a pair that ajv refutes. */
export type Refutation = {
  seed: number;
  claim: string;
  old: Json;
  now: Json;
  trees: [JsonObject, JsonObject];
  value: Json;
  changes: string[];
};

export type Verdicts = Record<Level | "none", number>;

/**
 * Compares one random pair of schemas and lets ajv judge what the diff said: a compatible request schema accepts
 * what the old one accepts, a compatible response schema allows nothing new, and where there is no change both
 * accept the same.
 */
export function checkPair(
  seed: number,
  count: (direction: "request" | "response", level: Level | "none") => void,
): Refutation | undefined {
  const random = createRandom(seed);
  const openness: Openness = seed % 3 === 0 ? "implicit" : "explicit";
  const [old, now] = randomPair(random, openness);
  const trees = randomTree(random, openness);
  const documents = [documentOf(old, trees[0]), documentOf(now, trees[1])] as const;
  const { changes } = diffSources(sourceOf(documents[0]), sourceOf(documents[1]));
  const [before, after] = [validatorOf(documents[0]), validatorOf(documents[1])];
  // Beside prefixItems ajv accepts an empty array whatever `contains` says.
  const text = JSON.stringify([old, now, trees]);
  if (!before || !after || (text.includes('"contains"') && text.includes('"prefixItems"'))) return undefined;

  const [fromOld, fromNow] = [
    sampleValues(random, old, documents[0]),
    sampleValues(random, now, documents[1]),
  ];
  const both = [...fromOld, ...fromNow];
  const refute = (claim: string, value: Json | undefined) =>
    value === undefined
      ? undefined
      : {
          seed,
          claim,
          old,
          now,
          trees,
          value,
          changes: changes.map(({ id, level, location }) => `${level} ${id} ${location}`),
        };

  for (const direction of ["request", "response"] as const) {
    const own = changes.filter((change) => change.direction === direction);
    const level = worst(own.map((change) => change.level));
    count(direction, level);
    if (level === "none") {
      const told = refute(
        "none",
        both.find((value) => before(value) !== after(value)),
      );
      if (told) return told;
    }
    if (level !== "none" && level !== "compatible") continue;
    const [inner, outer] = direction === "request" ? [before, after] : [after, before];
    // Nobody sends properties that are not documented, so those that only the other side names do not count.
    const values = isExplicit(documents) ? both : direction === "request" ? fromOld : fromNow;
    const told = refute(
      `${direction} ${level}`,
      values.find((value) => inner(value) && !outer(value)),
    );
    if (told) return told;
  }
  return undefined;
}

/** Whether every object says what holds for properties that it does not name. */
function isExplicit(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const schema = value as JsonObject;
  const named = ["properties", "required"].some((keyword) => schema[keyword] !== undefined);
  if (named && !Object.hasOwn(schema, "additionalProperties")) return false;
  return Object.values(schema).every(isExplicit);
}

function worst(levels: Level[]): Level | "none" {
  return (["breaking", "risky", "compatible"] as const).find((level) => levels.includes(level)) ?? "none";
}

function documentOf(schema: Json, tree: JsonObject): JsonObject {
  const content = { "application/json": { schema } };
  return {
    openapi: "3.1.0",
    info: { title: "Pair", version: "1" },
    paths: {
      "/pairs": { post: { requestBody: { content }, responses: { "200": { description: "", content } } } },
    },
    components: { schemas: { Tree: tree } },
  };
}

function sourceOf(document: JsonObject) {
  return { document, dialect: "3.1" as const, locate: () => ({ file: "pair.yaml", line: 1 }) };
}

let judge: { ajv: Ajv2020; pairs: number } | undefined;

function validatorOf(document: JsonObject): ((value: Json) => boolean) | undefined {
  if (!judge || judge.pairs > 400) {
    const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false, inlineRefs: false });
    (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
    judge = { ajv, pairs: 0 };
  }
  const id = `https://pairs.test/${judge.pairs++}`;
  const media = "/paths/~1pairs/post/requestBody/content/application~1json/schema";
  const schema = valueAt(document, parsePointer(media));
  try {
    const validate = judge.ajv.compile({ $id: id, components: document.components, allOf: [schema] });
    return (value) => validate(value) as boolean;
  } catch {
    return undefined;
  }
}
