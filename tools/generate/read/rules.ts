import type { Oas2Rule, Oas3Rule, UserContext } from "@redocly/openapi-core";
import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { methods } from "../../../contracts/openapi/operations.ts";
import { RefusedReferenceError } from "./references.ts";

export type RuleName = "struct" | "refs" | "lossless" | "operations";

/**
 * Rules whose problems an overlay may correct: the document can be read and upgraded all the same. What the
 * other rules find cannot be read, or would be lost on the way to OpenAPI 3.1.
 */
export const CORRECTABLE: ReadonlySet<RuleName> = new Set(["operations"]);

type Rules = Record<`contract/${Exclude<RuleName, "struct">}`, Oas2Rule & Oas3Rule>;

/** The rules that Redocly runs beside its own `struct`, for Swagger 2.0 or for OpenAPI 3.x. */
export function rulesFor(kind: "swagger" | "openapi"): Rules {
  const lossless =
    kind === "swagger" ? { ...LOSSLESS, ...onPaths([oneBody, bodyPerOperation, ownSchemes]) } : {};
  // Redocly knows a rule of a plugin by its full name.
  const rules = {
    "contract/refs": () => ({ ref: { leave: reportDangling } }),
    "contract/lossless": () => lossless,
    "contract/operations": () =>
      onPaths(
        [hasResponse, pathParameters, uniqueParameters, knownSchemes, uniqueIds(), uniquePaths()],
        knownSharedSchemes,
      ),
  };
  // Redocly types a visitor by version; these read only what both versions have.
  return rules as unknown as Rules;
}

type Spot = (string | number)[];
type Report = (message: string, at: Spot, on?: "key") => void;
type Operation = { label: string; method: string; value: JsonObject };
type Path = {
  name: string;
  item: JsonObject;
  root: JsonObject;
  operations: Operation[];
  /** Parameters of the path (at `["parameters"]`) or an operation (at `[method, "parameters"]`), references followed. */
  parametersAt: (at: Spot) => { value: JsonObject; at: Spot }[];
  report: Report;
};
type PathRule = (path: Path) => void;
type Context = Pick<UserContext, "report" | "location" | "resolve" | "key"> & Partial<UserContext>;

/** Runs rules on each path of the document, with what they all need computed once, and one on its root. */
function onPaths(rules: PathRule[], top: (root: JsonObject, context: Context) => void = () => {}) {
  let root: JsonObject = {};
  return {
    Root: (value: JsonObject, context: Context) => {
      root = value;
      top(value, context);
    },
    PathItem: (item: JsonObject, { key, location, resolve, report }: Context) => {
      const name = String(key);
      // Callbacks and webhooks have path items too, but no path.
      if (!name.startsWith("/")) return;
      const operations = methods
        .filter((method) => isObject(item[method]))
        .map((method) => ({
          label: `${method.toUpperCase()} ${name}`,
          method,
          value: item[method] as JsonObject,
        }));
      const known = new Map<string, ReturnType<Path["parametersAt"]>>();
      const parametersAt = (at: Spot) => {
        const list = known.get(at.join()) ?? readParameters(at);
        known.set(at.join(), list);
        return list;
      };
      const readParameters = (at: Spot) => {
        const holder = at.length === 1 ? item : (item[at[0]!] as JsonObject);
        const list = Array.isArray(holder.parameters) ? holder.parameters : [];
        return list
          .map((entry, index) => ({
            value: resolve(entry as { $ref: string }).node as Json | undefined,
            at: [...at, index],
          }))
          .filter((parameter): parameter is { value: JsonObject; at: Spot } => isObject(parameter.value));
      };
      const reportAt: Report = (message, at, on) => {
        const spot = location.child(at);
        report({ message, location: on === "key" ? spot.key() : spot });
      };
      for (const rule of rules) rule({ name, item, root, operations, parametersAt, report: reportAt });
    },
  };
}

// The operations: what an overlay may correct.

const hasResponse: PathRule = ({ operations, report }) => {
  for (const { label, method, value } of operations) {
    if (!isObject(value.responses)) continue;
    if (Object.keys(value.responses).some((status) => !status.startsWith("x-"))) continue;
    report(`${label} has no response.`, [method, "responses"], "key");
  }
};

const pathParameters: PathRule = ({ name, operations, parametersAt, report }) => {
  const wanted = new Set(Array.from(name.matchAll(/\{([^{}]+?)\+?\}/g), (match) => match[1]!));
  const shared = parametersAt(["parameters"]);
  const lists = [shared, ...operations.map(({ method }) => parametersAt([method, "parameters"]))];

  for (const { value, at } of lists.flat()) {
    if (value.in !== "path") continue;
    if (!wanted.has(String(value.name)))
      report(`The path parameter ${value.name} is not in the path ${name}.`, at);
    if (value.required !== true) report(`The path parameter ${value.name} must have required: true.`, at);
  }

  for (const [index, { label, method }] of operations.entries()) {
    const declared = [...shared, ...lists[index + 1]!];
    for (const parameter of wanted) {
      const named = declared.filter(({ value }) => value.name === parameter);
      if (named.some(({ value }) => value.in === "path")) continue;
      const elsewhere = named.at(-1);
      if (elsewhere) {
        report(
          `${label}: the parameter ${parameter} is declared in ${elsewhere.value.in}, although the path has {${parameter}}.`,
          elsewhere.at,
        );
        continue;
      }
      report(`${label} does not declare the path parameter ${parameter}.`, [method], "key");
    }
  }
};

const uniqueParameters: PathRule = ({ operations, parametersAt, report }) => {
  for (const list of [["parameters"], ...operations.map(({ method }) => [method, "parameters"])]) {
    const seen = new Set<string>();
    for (const { value, at } of parametersAt(list)) {
      const id = `${value.name} in ${value.in}`;
      if (value.name === "__proto__")
        report(`The parameter ${id} cannot be used; JavaScript programs lose it.`, at);
      if (seen.has(id)) report(`The parameter ${id} is declared twice.`, at);
      seen.add(id);
    }
  }
};

const knownSchemes: PathRule = ({ operations, root, report }) => {
  for (const { label, method, value } of operations) {
    for (const { scheme, at } of unknownSchemes(value.security, root)) {
      const message = `${label} asks for the security scheme ${scheme}, which is not defined.`;
      report(message, [method, "security", ...at], "key");
    }
  }
};

/** The same for the root, whose `security` holds for operations without their own. */
function knownSharedSchemes(root: JsonObject, { report, location }: Context): void {
  for (const { scheme, at } of unknownSchemes(root.security, root)) {
    const message = `The document asks for the security scheme ${scheme}, which is not defined.`;
    report({ message, location: location.child(["security", ...at]).key() });
  }
}

function unknownSchemes(security: Json | undefined, root: JsonObject): { scheme: string; at: Spot }[] {
  const components = isObject(root.components) ? root.components.securitySchemes : undefined;
  const defined = root.swagger ? root.securityDefinitions : components;
  const known = isObject(defined) ? Object.keys(defined) : [];
  return (Array.isArray(security) ? security : [])
    .flatMap((together, index) =>
      isObject(together) ? Object.keys(together).map((scheme) => ({ scheme, at: [index, scheme] })) : [],
    )
    .filter(({ scheme }) => !known.includes(scheme));
}

function uniqueIds(): PathRule {
  const owners = new Map<string, string>();
  return ({ operations, report }) => {
    for (const { label, method, value } of operations) {
      const id = value.operationId;
      if (typeof id !== "string") continue;
      const owner = owners.get(id);
      if (owner)
        report(`The operationId ${id} is used twice: by ${owner} and by ${label}.`, [method, "operationId"]);
      owners.set(id, owner ?? label);
    }
  };
}

function uniquePaths(): PathRule {
  const owners = new Map<string, string>();
  return ({ name, report }) => {
    const shape = name.replaceAll(/\{[^{}]*\}/g, (parameter) => (parameter.endsWith("+}") ? "{+}" : "{}"));
    const owner = owners.get(shape);
    if (owner)
      report(`The paths ${owner} and ${name} differ only in the names of their parameters.`, [], "key");
    owners.set(shape, owner ?? name);
  };
}

// What the upgrade from Swagger 2.0 would lose silently.

const oneBody: PathRule = ({ operations, parametersAt, report }) => {
  const shared = parametersAt(["parameters"]);
  for (const { label, method, value } of operations) {
    const own = parametersAt([method, "parameters"]);
    const all = [
      ...shared.filter(({ value: a }) => !own.some(({ value: b }) => a.name === b.name && a.in === b.in)),
      ...own,
    ];
    const [, second] = all.filter(({ value: parameter }) => parameter.in === "body");
    if (second) report(`${label} has two body parameters.`, second.at);

    const form = all.find(({ value: parameter }) => parameter.in === "formData");
    if (!form) continue;
    if (all.some(({ value: parameter }) => parameter.in === "body"))
      report(`${label} has a body and formData.`, form.at);
    const consumes = Array.isArray(value.consumes) ? value.consumes : [];
    const both = ["application/x-www-form-urlencoded", "multipart/form-data"].every((type) =>
      consumes.includes(type),
    );
    if (both)
      report(
        `${label} takes a form in two media types; only multipart/form-data would be kept.`,
        [method, "consumes"],
        "key",
      );
  }
};

const bodyPerOperation: PathRule = ({ operations, parametersAt, report }) => {
  const bodies = parametersAt(["parameters"]).filter(
    ({ value }) => value.in === "body" || value.in === "formData",
  );
  if (operations.every(({ value }) => Array.isArray(value.parameters))) return;
  for (const { value, at } of bodies) {
    report(
      `The ${value.in} parameter ${value.name} of the path would be lost; declare it in each operation.`,
      at,
    );
  }
};

const ownSchemes: PathRule = ({ operations, root, report }) => {
  const same = (list: Json | undefined) => JSON.stringify(Array.isArray(list) ? [...list].sort() : list);
  for (const { label, method, value } of operations) {
    if (value.schemes === undefined || same(value.schemes) === same(root.schemes)) continue;
    report(`${label} has schemes of its own, which OpenAPI 3 cannot say.`, [method, "schemes"], "key");
  }
};

const KEPT_FORMATS: Record<string, string[]> = {
  query: ["csv", "ssv", "pipes", "multi"],
  path: ["csv"],
  header: ["csv"],
  formData: ["multi"],
};

const LOSSLESS = {
  ref: {
    enter: (node: JsonObject, { report, location }: Context) => {
      if (node["x-nullable"] !== true) return;
      report({
        message: "x-nullable beside a $ref would be lost; put the $ref into an allOf.",
        location: location.child(["x-nullable"]).key(),
      });
    },
  },
  Parameter: (node: JsonObject, context: Context) =>
    keptFormat(node, KEPT_FORMATS[String(node.in)], String(node.in), context),
  Header: (node: JsonObject, context: Context) => keptFormat(node, ["csv", "multi"], "a header", context),
};

function keptFormat(
  node: JsonObject,
  kept: string[] | undefined,
  where: string,
  { report, location }: Context,
): void {
  if (node.type !== "array" || !kept) return;
  const format = node.collectionFormat ?? "csv";
  if (!kept.includes(String(format))) {
    report({
      message: `OpenAPI 3 has no collectionFormat ${format} in ${where}; it would be lost.`,
      location: node.collectionFormat === undefined ? location : location.child(["collectionFormat"]),
    });
  }
  const inner = isObject(node.items) ? node.items.collectionFormat : undefined;
  if (inner !== undefined && inner !== format) {
    report({
      message: `A collectionFormat inside another (${inner} in ${format}) would be lost.`,
      location: location.child(["items", "collectionFormat"]),
    });
  }
}

// References.

type Resolved = {
  node?: unknown;
  error?: Error & { line?: number; col?: number; source?: UserContext["location"]["source"] };
};

function reportDangling(
  node: { $ref: string },
  { report, location }: Context,
  { node: target, error }: Resolved,
): void {
  if (target !== undefined) return;
  const named = JSON.stringify(node.$ref);
  if (error?.source) {
    const start = { line: error.line ?? 1, col: error.col ?? 1 };
    report({
      message: `YAML syntax: ${error.message}`,
      location: { source: error.source, pointer: undefined, start },
    });
  }
  const reason = error ? `cannot be followed: ${reasonOf(error)}` : "points at nothing";
  report({ message: `The $ref ${named} ${reason}.`, location: location.child(["$ref"]) });
}

function reasonOf(error: Error): string {
  const cause = (error as { originalError?: Error }).originalError ?? error;
  return cause instanceof RefusedReferenceError ? cause.message : "the file cannot be parsed";
}
