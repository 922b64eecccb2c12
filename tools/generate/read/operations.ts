import { anyMethod } from "../../../contracts/openapi/api-gateway.ts";
import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { compilePattern, eachPart } from "../../../contracts/openapi/keywords.ts";
import { methods } from "../../../contracts/openapi/operations.ts";
import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import { dereference } from "../../../contracts/openapi/reference.ts";
import type { Severity } from "./problem.ts";

/** What is wrong with the operations of a contract, which an overlay may correct. */
export type Fault = {
  message: string;
  /** What `mend` does, as a sentence. */
  remedy?: string;
  at: Tokens;
  on: "value" | "key";
  severity: Severity;
  mend?: () => void;
};

type Operation = { label: string; method: string; value: JsonObject };
type Parameter = { value: JsonObject; list: Json[]; entry: Json; at: Tokens };
type Path = {
  name: string;
  openapi: JsonObject;
  operations: Operation[];
  /** Parameters of the path, and of each operation by its method; references followed. */
  shared: Parameter[];
  own: Map<string, Parameter[]>;
};
type Rule = (path: Path, report: (fault: Fault) => void) => void;

/** Finds the faults of the operations and schemas of an OpenAPI 3.1 document, in its order. Nothing is changed until `mend`. */
export function faultsOf(openapi: JsonObject): Fault[] {
  const faults: Fault[] = [];
  const report = (fault: Fault) => void faults.push(fault);
  const rules = [
    matchable,
    hasResponse,
    pathParameters,
    uniqueParameters,
    knownSchemes,
    uniqueIds(),
    uniquePaths(),
  ];
  for (const { scheme, at, mend } of unknownSchemes(openapi, openapi)) {
    const message = `The document asks for the security scheme ${scheme}, which is not defined.`;
    report({ message, remedy: "It is left out.", at, on: "key", severity: "warning", mend });
  }
  for (const path of pathsOf(openapi)) for (const rule of rules) rule(path, report);
  for (const part of ["paths", "components"]) unusableKeywords(openapi[part] ?? {}, [part], report);
  return faults;
}

/** Keywords that no validator is made of: a pattern that is no regular expression, an enum without values or with one twice. */
function unusableKeywords(root: Json, start: Tokens, report: (fault: Fault) => void): void {
  const at = [...start];
  walk(root, false);

  function walk(value: Json, hasNames: boolean): void {
    if (typeof value !== "object" || value === null) return;
    if (isObject(value) && !hasNames) {
      if (typeof value.pattern === "string") reportKeyword(value, "pattern", patternFault(value.pattern));
      if (Array.isArray(value.enum)) enumFault(value, value.enum);
    }
    eachPart(value, hasNames, (key, item, itemHasNames) => {
      at.push(key);
      walk(item, itemHasNames);
      at.pop();
    });
  }

  function enumFault(schema: JsonObject, values: Json[]): void {
    const isEmpty = values.length === 0;
    if (isEmpty) reportKeyword(schema, "enum", "The enum has no values, so that nothing would be valid.");
    const distinct = new Map(values.map((value) => [JSON.stringify(value), value]));
    if (distinct.size === values.length) return;
    report({
      message: "The enum has a value twice.",
      remedy: "It is read once.",
      at: [...at, "enum"],
      on: "value",
      severity: "warning",
      mend: () => void (schema.enum = [...distinct.values()]),
    });
  }

  function reportKeyword(schema: JsonObject, keyword: string, message: string | undefined): void {
    if (message === undefined) return;
    const mend = () => void delete schema[keyword];
    const place = { at: [...at, keyword], on: "value" } as const;
    report({ ...place, message, remedy: "It is left out.", severity: "warning", mend });
  }
}

function patternFault(pattern: string): string | undefined {
  const compiled = compilePattern(pattern);
  return compiled.expression ? undefined : `${compiled.fault}.`;
}

function* pathsOf(openapi: JsonObject): Generator<Path> {
  if (!isObject(openapi.paths)) return;
  for (const [name, item] of Object.entries(openapi.paths)) {
    if (!isObject(item) || !name.startsWith("/")) continue;
    const operations = methods.flatMap((method) => {
      const value = item[method];
      if (!isObject(value)) return [];
      // What is wrong with an any-method is said once.
      const written = value[anyMethod] === true ? "ANY" : method.toUpperCase();
      return [{ label: `${written} ${name}`, method, value }];
    });
    const listed = (holder: JsonObject, at: Tokens): Parameter[] => {
      const list = Array.isArray(holder.parameters) ? holder.parameters : [];
      return list.flatMap((entry, index) => {
        const value = dereference<JsonObject>(openapi, entry);
        return isObject(value) ? [{ value, list, entry, at: [...at, "parameters", index] }] : [];
      });
    };
    const own = operations.map(
      ({ method, value }) => [method, listed(value, ["paths", name, method])] as const,
    );
    yield { name, openapi, operations, shared: listed(item, ["paths", name]), own: new Map(own) };
  }
}

/** A template that no request matches, whatever it is. */
const matchable: Rule = ({ name }, report) => {
  const names = Array.from(name.matchAll(/\{([^{}]*)\}/g), (match) => match[1]!);
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  const rest = name.replaceAll(/\{[^{}]*\}/g, "");
  const reason = /[{}]/.test(rest)
    ? "a brace is without its other half"
    : names.includes("")
      ? "a parameter has no name"
      : undefined;
  const place = { at: ["paths", name], on: "key" } as const;
  if (twice !== undefined && !reason) {
    const message = `The path ${name} has the parameter ${twice} twice.`;
    report({ ...place, message, remedy: "Both places take its value.", severity: "warning" });
  }
  if (!reason) return;
  report({ ...place, message: `The path ${name} cannot be matched: ${reason}.`, severity: "error" });
};

const hasResponse: Rule = ({ name, operations }, report) => {
  for (const { label, method, value } of operations) {
    if (isObject(value.responses) && Object.keys(value.responses).some((status) => !status.startsWith("x-")))
      continue;
    const responses = { default: { description: "" } };
    const remedy = `It is read as ${JSON.stringify(responses)}.`;
    const at = ["paths", name, method, "responses"];
    const mend = () =>
      void (value.responses = { ...(value.responses as JsonObject | undefined), ...responses });
    report({ message: `${label} has no response.`, remedy, at, on: "key", severity: "warning", mend });
  }
};

const pathParameters: Rule = ({ name, operations, shared, own }, report) => {
  const wanted = new Set(Array.from(name.matchAll(/\{([^{}]+?)\+?\}/g), (match) => match[1]!));
  const all = [...shared, ...[...own.values()].flat()];
  const declaredNames = new Set(
    all.filter(({ value }) => value.in === "path").map(({ value }) => value.name),
  );

  for (const parameter of all) {
    const { value, at } = parameter;
    if (value.in !== "path") continue;
    const id = String(value.name);
    if (!wanted.has(id)) {
      const meant = [...wanted].find((one) => plain(one) === plain(id) && !declaredNames.has(one));
      const message = `The path parameter ${id} is not in the path ${name}.`;
      if (meant === undefined) report({ message, at, on: "value", severity: "error" });
      else {
        const mend = () => replace(parameter, { name: meant });
        report({ message, remedy: `It is read as ${meant}.`, at, on: "value", severity: "warning", mend });
        declaredNames.add(meant);
      }
    }
    if (value.required !== true) {
      const message = `The path parameter ${id} must have required: true.`;
      const mend = () => replace(parameter, { required: true });
      report({ message, remedy: "It is read so.", at, on: "value", severity: "warning", mend });
    }
  }

  for (const { label, method, value } of operations) {
    const declared = [...shared, ...own.get(method)!];
    for (const id of wanted) {
      const named = declared.filter(({ value: one }) => one.name === id);
      const isMeant = declared.some(
        ({ value: one }) => one.in === "path" && plain(String(one.name)) === plain(id),
      );
      if (named.some(({ value: one }) => one.in === "path") || isMeant) continue;
      const elsewhere = named.at(-1);
      if (elsewhere) {
        report({
          message: `${label}: the parameter ${id} is declared in ${elsewhere.value.in}, although the path has {${id}}.`,
          remedy: "It is read as a parameter of the path.",
          at: elsewhere.at,
          on: "value",
          severity: "warning",
          mend: () => replace(elsewhere, { in: "path", required: true, style: "simple", explode: false }),
        });
        continue;
      }
      const text = { name: id, in: "path", required: true, schema: { type: "string" } };
      report({
        message: `${label} does not declare the path parameter ${id}.`,
        remedy: "It is read as a text.",
        at: ["paths", name, method],
        on: "key",
        severity: "warning",
        mend: () =>
          void (value.parameters = [...(Array.isArray(value.parameters) ? value.parameters : []), text]),
      });
    }
  }
};

/** Case and punctuation are often not the same in both places. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** A parameter that is shared by its reference has a copy of its own then. */
function replace({ list, entry, value }: Parameter, fields: JsonObject): void {
  const index = list.indexOf(entry);
  if (index === -1) return;
  if (entry === value) Object.assign(value, fields);
  else list[index] = { ...value, ...fields };
}

const uniqueParameters: Rule = ({ shared, own }, report) => {
  for (const parameters of [shared, ...own.values()]) {
    const seen = new Set<string>();
    for (const { value, list, entry, at } of parameters) {
      const id = `${value.name} in ${value.in}`;
      if (value.name === "__proto__") {
        const message = `The parameter ${id} cannot be used; JavaScript programs lose it.`;
        report({ message, at, on: "value", severity: "error" });
      }
      if (seen.has(id)) {
        const message = `The parameter ${id} is declared twice.`;
        const mend = () => void list.splice(list.lastIndexOf(entry), 1);
        report({ message, remedy: "The first one counts.", at, on: "value", severity: "warning", mend });
      }
      seen.add(id);
    }
  }
};

const knownSchemes: Rule = ({ name, operations, openapi }, report) => {
  for (const { label, method, value } of operations) {
    for (const { scheme, at, mend } of unknownSchemes(value, openapi)) {
      const message = `${label} asks for the security scheme ${scheme}, which is not defined.`;
      const place = ["paths", name, method, ...at];
      report({ message, remedy: "It is left out.", at: place, on: "key", severity: "warning", mend });
    }
  }
};

function unknownSchemes(
  holder: JsonObject,
  openapi: JsonObject,
): { scheme: string; at: Tokens; mend: () => void }[] {
  const components = isObject(openapi.components) ? openapi.components.securitySchemes : undefined;
  const known = isObject(components) ? components : {};
  const security = Array.isArray(holder.security) ? holder.security : [];
  return security.flatMap((together, index) =>
    Object.keys(isObject(together) ? together : {})
      .filter((scheme) => !Object.hasOwn(known, scheme))
      .map((scheme) => ({
        scheme,
        at: ["security", index, scheme],
        mend: () => {
          delete (together as JsonObject)[scheme];
          // An empty one would say that nothing is needed.
          if (Object.keys(together as JsonObject).length > 0 || !Array.isArray(holder.security)) return;
          holder.security = holder.security.filter((one) => one !== together);
        },
      })),
  );
}

function uniqueIds(): Rule {
  const owners = new Map<string, string>();
  return ({ name, operations, openapi }, report) => {
    for (const { label, method, value } of operations) {
      const id = value.operationId;
      if (typeof id !== "string") continue;
      const owner = owners.get(id);
      owners.set(id, owner ?? label);
      if (owner === undefined) continue;
      const free = freeId(id, owners, openapi);
      owners.set(free, label);
      report({
        message: `The operationId ${id} is used twice: by ${owner} and by ${label}.`,
        remedy: `The second one is read as ${free}.`,
        at: ["paths", name, method, "operationId"],
        on: "value",
        severity: "warning",
        mend: () => void (value.operationId = free),
      });
    }
  };
}

function freeId(id: string, owners: Map<string, string>, openapi: JsonObject): string {
  const used = (candidate: string) =>
    owners.has(candidate) ||
    Object.values(openapi.paths as JsonObject).some(
      (item) =>
        isObject(item) && Object.values(item).some((one) => isObject(one) && one.operationId === candidate),
    );
  for (let count = 2; ; count++) if (!used(`${id}_${count}`)) return `${id}_${count}`;
}

function uniquePaths(): Rule {
  const owners = new Map<string, string>();
  return ({ name }, report) => {
    const shape = name.replaceAll(/\{[^{}]*\}/g, (parameter) => (parameter.endsWith("+}") ? "{+}" : "{}"));
    const owner = owners.get(shape);
    owners.set(shape, owner ?? name);
    if (owner === undefined) return;
    const message = `The paths ${owner} and ${name} differ only in the names of their parameters.`;
    report({
      message,
      remedy: "A request belongs to the first one.",
      at: ["paths", name],
      on: "key",
      severity: "warning",
    });
  };
}
