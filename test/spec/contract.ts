import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { load as parseYaml } from "js-yaml";
import { buildContract } from "../../tools/generate/read/contract.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

const files = { spec: "spec/necid-v1.yaml", overlay: "spec/necid-v1.overlay.yaml" };

/** The interface as published. */
export const published = parseYaml(readFileSync(files.spec, "utf8")) as JsonObject;

/** The actions of the overlay, in order. */
export const actions = (parseYaml(readFileSync(files.overlay, "utf8")) as { actions: JsonObject[] }).actions;

const { openapi, warnings } = await buildContract(files);

/** The effective contract and what its generation warned about. */
export const contract = openapi as JsonObject;
export { warnings };

/** The value at a place of a document, or undefined. */
export function at(document: Json, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((node, key) => (node as JsonObject | undefined)?.[key], document);
}

/** The entries of an object, none for anything else. */
export function entries(node: Json | undefined): [string, Json][] {
  return node !== null && typeof node === "object" ? Object.entries(node) : [];
}

/** The operations of a document of either version. */
export function operations(document: JsonObject): { path: string; method: string; operation: JsonObject }[] {
  const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
  return entries(document.paths).flatMap(([path, item]) =>
    entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => ({ path, method, operation: operation as JsonObject })),
  );
}

const ajv = new Ajv2020({ allErrors: true, strict: true });
addFormats.default(ajv);
// The document is the root of its schemas, so its own fields must be known words.
ajv.addVocabulary(Object.keys(contract));
ajv.addSchema({ ...contract, $id: "contract" }, undefined, false, false);

/** What the schema at a place of the contract has against a value, one line each. */
export function violations(value: Json, ...path: string[]): string[] {
  const validate = validatorOf(path);
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message }: ErrorObject) => `${instancePath} ${message}`,
  );
}

function validatorOf(path: string[]): ValidateFunction {
  const tokens = path.map((key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1")));
  return ajv.compile({ $ref: `contract#/${tokens.join("/")}` });
}
