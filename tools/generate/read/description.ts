import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, valueAt } from "../../../contracts/openapi/pointer.ts";
import { loadParsers, type SpecDocument, writtenNumber } from "./document.ts";
import { type Files, inlineValue, type LinkedFile, openFiles, type Target } from "./files.ts";
import { below, type Origin, Origins, placeOf, problemOf } from "./origins.ts";
import type { Problem, Severity } from "./problem.ts";
import { type Access, isReferenceText, leadsOut, RefusedReferenceError, UNREADABLE } from "./references.ts";
import { type Dialect, type Shapes, shapesOf } from "./shapes.ts";
import {
  asBoolean,
  asNumber,
  asText,
  asTypes,
  CHOICES,
  chosen,
  MISSING,
  NO_SECTION,
  SECTIONS,
  typeName,
  uselessKeywords,
} from "./wordings.ts";

/** A description that was read whole. */
export type Description = {
  /**
   * The document with what its references to other files lead to: every `$ref` begins with #. What cannot be used is
   * left out or corrected; each time `problems` says so.
   */
  value: JsonObject;
  dialect: Dialect;
  origins: Origins;
  problems: Problem[];
};

type At = { document: LinkedFile; tokens: (string | number)[] };

/** Reads a description with the files that it refers to, and compares every object with the standard. */
export async function readDescription(base: SpecDocument, access: Access): Promise<Description> {
  const files = openFiles(base, access, await loadParsers());
  const dialect = base.kind === "swagger" ? "2.0" : base.version.startsWith("3.0") ? "3.0" : "3.1";
  const reader = new Reader(files, dialect);
  const value = reader.read();
  return {
    value,
    dialect,
    origins: reader.origins,
    problems: [...base.problems, ...files.problems, ...reader.problems],
  };
}

class Reader {
  readonly problems: Problem[] = [];
  readonly origins: Origins;
  readonly #files: Files;
  readonly #dialect: Dialect;
  readonly #shapes: Shapes;
  /** Names of the components that were made of parts of other files, by file and pointer. */
  readonly #bundled = new Map<string, string>();
  /** The names in each section, with those that were given since. */
  readonly #taken = new Map<string, Set<string>>();
  readonly #pending: (() => void)[] = [];
  /** Parts of other files that are being put in place of a reference. */
  readonly #open = new Set<string>();
  /** References that end in something else, and those that lead back to themselves: each is followed once. */
  readonly #ending = new Set<string>();
  readonly #circling = new Set<string>();
  #inlined = 0;
  readonly #unfollowed = new Map<string, { origin: Origin; message: string; count: number }>();
  #root: JsonObject = {};

  constructor(files: Files, dialect: Dialect) {
    this.#files = files;
    this.#dialect = dialect;
    this.#shapes = shapesOf(dialect);
    this.origins = new Origins({ document: files.base, tokens: [] });
  }

  read(): JsonObject {
    const { base } = this.#files;
    const at: At = { document: base, tokens: [] };
    this.#nameComponents(base.value as JsonObject);
    this.#root = this.#object("root", base.value, at) as JsonObject;
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) next();
    for (const { origin, message, count } of this.#unfollowed.values()) {
      const more = count > 1 ? `, and ${count - 1} more in values of this file` : "";
      this.problems.push(problemOf(origin, `${message} It is left out${more}.`, "note"));
    }
    return this.#root;
  }

  #report(message: string, at: At, on: "value" | "key" = "value", severity: Severity = "warning"): undefined {
    this.problems.push(problemOf(at, message, severity, on));
    return undefined;
  }

  #child({ document, tokens }: At, key: string | number): At {
    return { document, tokens: [...tokens, key] };
  }

  /** A value of a type; `undefined` where it cannot be used. */
  #value(type: string, value: Json, at: At): Json | undefined {
    if (type === "any") return this.#data(value, at);
    if (type.startsWith("[")) return this.#list(type.slice(1, -1), value, at);
    if (type.startsWith("{")) return this.#map(type.slice(1, -1), value, at);
    if (type === "text") return this.#text(value, at);
    if (type === "number") return this.#scalar("number", asNumber(value), value, at);
    if (type === "boolean") return this.#scalar("boolean", asBoolean(value), value, at);
    if (type === "limit") return this.#limit(value, at);
    if (type === "type") return this.#types(value, at);
    if (type === "names") return this.#names(value, at);
    if (type === "items") return this.#items(value, at);
    if (type === "discriminator") return this.#discriminator(value, at);
    if (type === "schema?boolean") {
      const allowed = asBoolean(value);
      if (allowed !== undefined) return this.#scalar("boolean", allowed, value, at);
      return this.#object("schema", value, at);
    }
    return this.#object(type, value, at);
  }

  /** A text, a number or a boolean; another type is read as it where that is possible. */
  #scalar<Value extends Json>(type: string, read: Value | undefined, value: Json, at: At): Value | undefined {
    if (read === value) return read;
    const done = read === undefined ? "It is left out." : `It is read as ${JSON.stringify(read)}.`;
    this.#report(`Expected type \`${type}\` but got \`${typeName(value)}\`. ${done}`, at);
    return read;
  }

  #text(value: Json, at: At): string | undefined {
    if (typeof value === "string") return value;
    if (isObject(value) && typeof value.$ref === "string") {
      const target = this.#target(value.$ref, this.#child(at, "$ref"));
      if (target === undefined) return undefined;
      return this.#text(target.value, target);
    }
    const written = typeof value === "number" ? writtenNumber(at.document.text, placeOf(at, "value")) : "";
    return this.#scalar("string", Number(written) === value && written ? written : asText(value), value, at);
  }

  #list(type: string, value: Json, at: At): Json[] | undefined {
    const followed = this.#inPlace(value, at, (target) => this.#list(type, target.value, target));
    if (followed) return followed.result;
    if (!Array.isArray(value)) {
      const isOne = type === "text" ? typeof value === "string" : type !== "any" && isObject(value);
      const done = isOne ? "It is read as a list of one." : "It is left out.";
      this.#report(`Expected type \`array\` but got \`${typeName(value)}\`. ${done}`, at);
      if (!isOne) return undefined;
      const item = this.#value(type, value, at);
      return item === undefined ? undefined : [item];
    }
    const items = value.map((item, index) => {
      const place = this.#child(at, index);
      return { item: this.#value(type, item, place), place };
    });
    const left = items.filter(({ item }) => item !== undefined);
    if (left.length < items.length) for (const { item, place } of left) this.origins.set(item, place);
    return left.map(({ item }) => item!);
  }

  #map(type: string, value: Json, at: At): JsonObject | undefined {
    const followed = this.#inPlace(value, at, (target) => this.#map(type, target.value, target));
    if (followed) return followed.result;
    if (!isObject(value)) {
      return this.#report(`Expected type \`object\` but got \`${typeName(value)}\`. It is left out.`, at);
    }
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      const place = this.#child(at, key);
      const read = this.#isExtension(key, item, type)
        ? this.#data(item, place)
        : this.#value(type, item, place);
      if (read !== undefined) result[key] = read;
    }
    return result;
  }

  /** In a map every key is a name; an extension there is what cannot be one of the entries. */
  #isExtension(key: string, item: Json, type: string): boolean {
    return key.startsWith("x-") && !(isObject(item) || type === "text" || type === "any");
  }

  #object(shape: string, given: Json, at: At): Json | undefined {
    const { fields, later = {}, required = [], others, isReferable } = this.#shapes[shape]!;
    if (this.#open.size > 0) this.#inlined++;
    if (!isObject(given)) return this.#noObject(shape, given, at);
    const value = shape === "schema" && this.#dialect === "3.1" ? this.#plainSchema(given, at) : given;
    if (typeof value.$ref === "string") {
      if (isReferable && shape !== "path" && !(NO_SECTION[this.#dialect] ?? []).includes(shape)) {
        return this.#reference(shape, value as JsonObject & { $ref: string }, at);
      }
      const followed = this.#inPlace(value, at, (target) => {
        const { $ref, ...own } = value;
        const result = this.#object(shape, target.value, target);
        if (!isObject(result)) return result;
        for (const [key, item] of Object.entries(own)) this.origins.set(item, this.#child(at, key));
        const beside = Object.keys(own).length > 0 ? this.#object(shape, own, { ...at }) : {};
        const merged: JsonObject = { ...result, ...(beside as JsonObject) };
        for (const field of required)
          if (!Object.hasOwn(own, field) && result[field]) merged[field] = result[field];
        return this.origins.set(merged, target);
      });
      if (followed) return followed.result as Json | undefined;
    }
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      const place = this.#child(at, key);
      if (PLACES_OF_FILES.has(`${shape}.${key}`) && !this.#mayName(String(item), key, place)) continue;
      const name = this.#fieldName(shape, key, value, place);
      if (name === undefined) continue;
      const type =
        (Object.hasOwn(fields, name) && fields[name]) || (name.startsWith("x-") ? "any" : undefined);
      const laterType = Object.hasOwn(later, name) ? later[name] : undefined;
      if (!type && laterType && !others) {
        this.#report(
          `Property \`${key}\` is not expected here. It is kept: a later version of the standard has it.`,
          place,
          "key",
        );
      }
      const read = this.#value(type ?? others ?? laterType!, item, place);
      const choice = read === undefined ? undefined : this.#choice(`${shape}.${name}`, read, place);
      if (choice === undefined) continue;
      result[name] = choice;
      if (name !== key) this.origins.set(choice, place);
    }
    for (const field of required) {
      if (Object.hasOwn(result, field)) continue;
      const make = MISSING[`${shape}.${field}`];
      const made = make?.(result, at.document.file);
      if (!Object.hasOwn(value, field)) {
        const done =
          made === undefined ? "The object is left out." : `It is read as ${JSON.stringify(made)}.`;
        this.#report(`The field \`${field}\` must be present on this level. ${done}`, at, "key");
      }
      if (made === undefined) return undefined;
      result[field] = made;
    }
    return shape === "schema" ? this.#schema(result, value, at) : result;
  }

  #noObject(shape: string, value: Json, at: At): Json | undefined {
    if (shape === "schema" && typeof value === "boolean") {
      if (this.#dialect !== "3.1")
        this.#report(
          "Expected type `object` but got `boolean`. It is kept: a later version of the standard has it.",
          at,
        );
      return value;
    }
    const isEmpty = value === null && (shape === "schema" || shape === "operation" || shape === "media");
    const done = isEmpty ? "It is read as an empty object." : "It is left out.";
    this.#report(
      `Expected type \`object\` but got \`${typeName(value)}\`. ${done}`,
      at,
      isEmpty ? "key" : "value",
    );
    return isEmpty ? this.#object(shape, {}, at) : undefined;
  }

  /** The name of a field as the standard writes it; `undefined` for one that is left out. */
  #fieldName(shape: string, key: string, value: JsonObject, at: At): string | undefined {
    const { fields, later = {}, others } = this.#shapes[shape]!;
    if (shape === "paths" && !key.startsWith("/") && !key.startsWith("x-")) {
      const name = `/${key}`;
      const isFree = !Object.hasOwn(value, name);
      const done = isFree ? `It is read as ${name}.` : "It is left out.";
      this.#report(`The path ${key} does not begin with a slash. ${done}`, at, "key");
      return isFree ? name : undefined;
    }
    if (shape === "responses" && !key.startsWith("x-") && !/^([1-5](\d\d|XX)|default)$/.test(key)) {
      const name = /^[1-5]xx$/i.test(key)
        ? key.toUpperCase()
        : /^default$/i.test(key)
          ? "default"
          : /^[1-5]\d\d(?=\D)/.exec(key)?.[0];
      const isFree = name !== undefined && !Object.hasOwn(value, name);
      const done = isFree ? `It is read as ${name}.` : "It is left out.";
      this.#report(`The status ${JSON.stringify(key)} is none. ${done}`, at, "key");
      return isFree ? name : undefined;
    }
    if (others !== undefined || key.startsWith("x-")) return key;
    if (Object.hasOwn(fields, key) || Object.hasOwn(later, key)) return key;
    const meant = [...Object.keys(fields), ...Object.keys(later)].find(
      (name) => name.toLowerCase() === key.toLowerCase(),
    );
    const isFree = meant !== undefined && !Object.hasOwn(value, meant);
    const isLegal = shape === "schema" && this.#dialect === "3.1" && !isFree;
    const done = isFree ? `It is read as \`${meant}\`.` : "It is left out.";
    if (isLegal) this.#report(`The keyword \`${key}\` is none of the standard. ${done}`, at, "key", "note");
    else this.#report(`Property \`${key}\` is not expected here. ${done}`, at, "key");
    return isFree ? meant : undefined;
  }

  /** One of the words that a field allows. */
  #choice(field: string, value: Json, at: At): Json | undefined {
    const allowed = CHOICES[this.#dialect]![field];
    if (allowed === undefined || typeof value !== "string" || allowed.includes(value)) return value;
    const meant = chosen(allowed, value);
    const list = allowed.map((one) => JSON.stringify(one)).join(", ");
    const done = meant === undefined ? "It is left out." : `It is read as ${JSON.stringify(meant)}.`;
    const name = field.slice(field.indexOf(".") + 1);
    this.#report(`\`${name}\` can be one of the following only: ${list}. ${done}`, at);
    return meant;
  }

  #types(value: Json, at: At): Json | undefined {
    const followed = this.#inPlace(value, at, (target) => this.#types(target.value, target));
    if (followed) return followed.result;
    const isList = Array.isArray(value);
    const { types, isExact, format } = asTypes(value, this.#dialect);
    const result = types.length === 0 ? undefined : isList ? types : types[0];
    if (isList && this.#dialect !== "3.1" && isExact) {
      this.#report(
        "Expected type `string` but got `array`. It is kept: a later version of the standard has it.",
        at,
      );
    } else if (!isExact) {
      const done = result === undefined ? "It is left out." : `It is read as ${JSON.stringify(result)}.`;
      const allowed = '"array", "boolean", "integer", "null", "number", "object", "string"';
      this.#report(`\`type\` can be one of the following only: ${allowed}. ${done}${format ? "" : ""}`, at);
    }
    return result;
  }

  /** An exclusive limit: true in draft 4, a number since draft 6. */
  #limit(value: Json, at: At): Json | undefined {
    const expected = this.#dialect === "3.1" ? "number" : "boolean";
    const isOther = typeof value === (expected === "number" ? "boolean" : "number");
    if (isOther) {
      this.#report(
        `Expected type \`${expected}\` but got \`${typeName(value)}\`. It is read as another version of the standard has it.`,
        at,
      );
      return value;
    }
    return this.#value(expected, value, at);
  }

  #names(value: Json, at: At): Json | undefined {
    if (typeof value === "boolean") {
      const done = value ? "The property is read as one that its object requires." : "It is left out.";
      this.#report(`Expected type \`array\` but got \`boolean\`. ${done}`, at);
      return undefined;
    }
    const names = this.#list("text", value, at);
    return names && [...new Set(names)];
  }

  #items(value: Json, at: At): Json | undefined {
    if (!Array.isArray(value)) return this.#object("schema", value, at);
    this.#report("`items` is a list. It is read as `prefixItems` of a later version of the standard.", at);
    return value.flatMap((item, index) => this.#object("schema", item, this.#child(at, index)) ?? []);
  }

  #discriminator(value: Json, at: At): Json | undefined {
    if (typeof value === "string") {
      if (this.#dialect === "2.0") return value;
      this.#report("Expected type `object` but got `string`. It is read as the `propertyName`.", at);
      return { propertyName: value };
    }
    if (this.#dialect === "2.0" && isObject(value))
      this.#report(
        "Expected type `string` but got `object`. It is kept: a later version of the standard has it.",
        at,
      );
    const result = this.#object("discriminator", value, at);
    if (!isObject(result) || !isObject(result.mapping)) return result;
    const mapping: JsonObject = {};
    for (const [key, name] of Object.entries(result.mapping)) {
      const place = this.#child(this.#child(at, "mapping"), key);
      const ref = this.#mapped(String(name), place);
      if (ref !== undefined) mapping[key] = ref;
    }
    return { ...result, mapping };
  }

  /** What a mapping names: a schema by its name, or by a reference. */
  #mapped(name: string, at: At): string | undefined {
    if (name.startsWith("#") && !this.#isMissing(name, at)) {
      const reference = this.#reference("schema", { $ref: name }, at, "mapping");
      return isObject(reference) ? String(reference.$ref) : undefined;
    }
    const section = SECTIONS[this.#dialect]!.schema!;
    if (valueAt(at.document.value, [...section, name]) !== undefined) {
      const reference = this.#reference(
        "schema",
        { $ref: `#${formatPointer([...section, name])}` },
        at,
        "mapping",
      );
      return isObject(reference) ? String(reference.$ref) : undefined;
    }
    if (isReferenceText(name) && !this.#isMissing(name, at)) {
      const reference = this.#reference("schema", { $ref: name }, at, "mapping");
      return isObject(reference) ? String(reference.$ref) : undefined;
    }
    return this.#report(`The mapping names the schema ${name}, which is not defined. It is left out.`, at);
  }

  /** A schema of OpenAPI 3.1 without what only other versions have, or what needs a scope at run time. */
  #plainSchema(value: JsonObject, at: At): JsonObject {
    if (value.nullable === true)
      this.#report(
        "`nullable` is a keyword of OpenAPI 3.0. It is read as the type null.",
        this.#child(at, "nullable"),
        "key",
      );
    if (typeof value.$dynamicRef !== "string" || value.$ref !== undefined) return value;
    const { $dynamicRef, ...rest } = value;
    const isAlone = this.#files.countAnchors(at.document, $dynamicRef.replace(/^#/, "")) <= 1;
    this.#report(
      "`$dynamicRef` is read as `$ref`: the contract has no dynamic scope.",
      this.#child(at, "$dynamicRef"),
      "key",
      isAlone ? "note" : "warning",
    );
    return { ...rest, $ref: $dynamicRef };
  }

  /** What makes a schema whole: properties that say of themselves that they are required, and list of items. */
  #schema(result: JsonObject, value: JsonObject, at: At): JsonObject {
    for (const { keyword, message, severity } of uselessKeywords(result)) {
      this.#report(`${message} It is left out.`, this.#child(at, keyword), "key", severity);
      delete result[keyword];
    }
    if (isObject(value.properties)) {
      const demanded = Object.entries(value.properties).flatMap(([name, one]) =>
        isObject(one) && one.required === true ? name : [],
      );
      if (demanded.length > 0) {
        const listed = Array.isArray(result.required) ? result.required : [];
        result.required = [...new Set([...listed, ...demanded])];
      }
    }
    if (Array.isArray(result.items)) {
      const { items } = result;
      delete result.items;
      if (items.length > 0) result.prefixItems = items;
    }
    return result;
  }

  // References.

  /** A reference at a place where the standard has one. */
  #reference(shape: string, value: JsonObject & { $ref: string }, at: At, name = "$ref"): Json | undefined {
    const place = name === "$ref" ? this.#child(at, "$ref") : at;
    const target = this.#target(value.$ref, place, name);
    // The run stops because of it; what is around it has no further fault.
    if (target === undefined) return {};
    const isOwn = target.document === this.#files.base;
    const other = isOwn ? this.#sectionOf(target.tokens) : undefined;
    if (other !== undefined && other !== shape) return this.#ofAnotherKind(shape, other, value.$ref, place);
    const component = at.document === this.#files.base ? this.#componentAt(at) : undefined;
    const isHere = component !== undefined && leadsOut(value.$ref) && this.#nameOf(target) === component;
    if (!isOwn && isHere) {
      const result = this.#object(shape, target.value, target);
      return this.origins.set(result, target);
    }
    const section = SECTIONS[this.#dialect]![shape];
    if (!isOwn && section === undefined) {
      const inPlace = this.#inPlace(value, at, (found) => this.#object(shape, found.value, found));
      return inPlace?.result as Json | undefined;
    }
    const $ref = isOwn ? `#${formatPointer(target.tokens)}` : this.#bundle(shape, section!, target);
    // A reference to the document's own parts stays as it is written, also where it is percent-encoded.
    const kept = isOwn && value.$ref.startsWith("#/") ? value.$ref : $ref;
    return { $ref: kept, ...this.#beside(shape, value, at) };
  }

  /** A reference to a component of another kind. A schema for a response is what its body is. */
  #ofAnotherKind(shape: string, other: string, $ref: string, at: At): Json | undefined {
    const isBody = shape === "response" && other === "schema";
    const done = isBody ? "It is read as the schema of its body." : "It is left out.";
    this.#report(`The $ref ${JSON.stringify($ref)} leads to a ${other}, not to a ${shape}. ${done}`, at);
    if (!isBody) return undefined;
    const schema = { $ref };
    if (this.#dialect === "2.0") return { description: "", schema };
    return { description: "", content: { "application/json": { schema } } };
  }

  /** The kind of a component. */
  #sectionOf(tokens: readonly string[]): string | undefined {
    const sections = Object.entries(SECTIONS[this.#dialect]!);
    return sections.find(
      ([, section]) =>
        section.length === tokens.length - 1 && section.every((field, at) => field === tokens[at]),
    )?.[0];
  }

  /** What stands beside a `$ref`. */
  #beside(shape: string, { $ref, ...own }: JsonObject, at: At): JsonObject {
    if (Object.keys(own).length === 0) return {};
    const isSchema = shape === "schema";
    if (isSchema && this.#dialect === "3.1") return this.#object(shape, own, at) as JsonObject;
    const kept: JsonObject = {};
    for (const [key, item] of Object.entries(own)) {
      if (isSchema ? BESIDE_A_SCHEMA.has(key) || key.startsWith("x-") : isText(key, item)) kept[key] = item;
      else if (!key.startsWith("x-")) {
        this.#report(
          `\`${key}\` beside a $ref has no effect. It is left out.`,
          this.#child(at, key),
          "key",
          "note",
        );
      }
    }
    return isSchema ? (this.#object(shape, kept, at) as JsonObject) : kept;
  }

  /** What a reference leads to. Problems are reported. */
  #target(ref: string, at: At, name = "$ref"): Target | undefined {
    const from = at.document;
    try {
      const seen = new Set<string>();
      const first = this.#files.follow(from, ref);
      for (let target = first; target; ) {
        const { value } = target;
        if (!isObject(value) || typeof value.$ref !== "string") break;
        const key = keyOf(target);
        if (this.#ending.has(key)) break;
        if (seen.has(key) || this.#circling.has(key)) {
          for (const each of seen) this.#circling.add(each);
          return this.#reportCircle(ref, at, leadsOut(ref));
        }
        seen.add(key);
        target = this.#followQuietly(target.document, value.$ref);
      }
      for (const each of seen) this.#ending.add(each);
      if (first) return first;
      return this.#report(`The ${name} ${JSON.stringify(ref)} points at nothing.`, at, "value", "error");
    } catch (error) {
      if (!(error instanceof RefusedReferenceError)) throw error;
      const message = `The ${name} ${JSON.stringify(ref)} cannot be followed: ${error.message}.`;
      return this.#report(message, at, "value", "error");
    }
  }

  #followQuietly(from: LinkedFile, ref: string): Target | undefined {
    try {
      return this.#files.follow(from, ref);
    } catch (error) {
      if (error instanceof RefusedReferenceError) return undefined;
      throw error;
    }
  }

  #reportCircle(ref: string, at: At, isThroughFiles: boolean): undefined {
    const message = isThroughFiles
      ? "The $refs from here through other files lead back to themselves."
      : `The $ref ${JSON.stringify(ref)} leads back to itself.`;
    return this.#report(message, at, "value", "error");
  }

  /** Puts what a reference leads to in its place, where the standard has no reference. */
  #inPlace<Result>(value: Json, at: At, read: (target: Target) => Result): { result?: Result } | undefined {
    if (!isObject(value) || typeof value.$ref !== "string") return undefined;
    const place = this.#child(at, "$ref");
    const target = this.#target(value.$ref, place);
    if (target === undefined) return {};
    const key = keyOf(target);
    if (this.#open.has(key)) return { result: this.#reportCircle(value.$ref, place, leadsOut(value.$ref)) };
    if (this.#inlined > MOST_INLINED) {
      const message = `The $ref ${JSON.stringify(value.$ref)} and others bring in more than ${MOST_INLINED} objects.`;
      if (this.#inlined !== Infinity) this.#report(message, place, "value", "error");
      this.#inlined = Infinity;
      return {};
    }
    this.#open.add(key);
    const result = read(target);
    this.#open.delete(key);
    this.origins.set(result, target);
    return { result };
  }

  /** Makes a component of a part of another file, once. */
  #bundle(shape: string, section: string[], target: Target): string {
    const key = keyOf(target);
    const known = this.#bundled.get(key);
    if (known !== undefined) return `#${formatPointer([...section, known])}`;
    const name = this.#freeName(section, target);
    this.#bundled.set(key, name);
    this.#pending.push(() => {
      const result = this.#object(shape, target.value, target) ?? {};
      this.origins.set(result, target);
      const holder = section.reduce<JsonObject>((parent, field) => {
        const next = (parent[field] ?? {}) as JsonObject;
        parent[field] = next;
        return next;
      }, this.#root);
      holder[name] = result;
    });
    return `#${formatPointer([...section, name])}`;
  }

  #freeName(section: string[], { document, tokens }: Target): string {
    const place = formatPointer(section);
    const taken = this.#taken.get(place) ?? this.#namesIn(section);
    this.#taken.set(place, taken);
    const file = document.path.replace(/^.*[/\\]/, "").replace(/\.(ya?ml|json)$/i, "");
    const last = tokens.at(-1) ?? file;
    const clean = (name: string) => name.replaceAll(/[^\w.-]/g, "_") || "Part";
    const name = [clean(last), clean(`${file}_${last}`)].find((one) => !taken.has(one));
    const free = name ?? numbered(clean(`${file}_${last}`), taken);
    taken.add(free);
    return free;
  }

  #namesIn(section: string[]): Set<string> {
    const present = (valueAt(this.#files.base.value, section) ?? {}) as object;
    return new Set([...Object.keys(present), ...this.#bundled.values()]);
  }

  /** A component that is nothing but a reference to another file takes the place of what it leads to. */
  #nameComponents(root: JsonObject): void {
    for (const section of Object.values(SECTIONS[this.#dialect]!)) {
      const components = valueAt(root, section);
      if (!isObject(components)) continue;
      for (const [name, component] of Object.entries(components)) {
        if (!isObject(component) || typeof component.$ref !== "string" || !leadsOut(component.$ref)) continue;
        const target = this.#followQuietly(this.#files.base, component.$ref);
        if (target && target.document !== this.#files.base && !this.#bundled.has(keyOf(target)))
          this.#bundled.set(keyOf(target), name);
      }
    }
  }

  #nameOf(target: Target): string | undefined {
    return this.#bundled.get(keyOf(target));
  }

  #componentAt({ tokens }: At): string | undefined {
    const isSection = Object.values(SECTIONS[this.#dialect]!).some(
      (section) =>
        section.length === tokens.length - 1 && section.every((field, index) => field === tokens[index]),
    );
    return isSection ? String(tokens.at(-1)) : undefined;
  }

  /** Whether a reference may be followed, but leads to nothing. */
  #isMissing(ref: string, at: At): boolean {
    try {
      return this.#files.follow(at.document, ref) === undefined;
    } catch (error) {
      return error instanceof RefusedReferenceError && UNREADABLE.has(error.message);
    }
  }

  /** Whether a field may name another file: nobody reads it, but readers of the contract might. */
  #mayName(ref: string, name: string, at: At): boolean {
    if (/^https?:|^#/i.test(ref) || at.document !== this.#files.base) return true;
    try {
      this.#files.follow(at.document, ref);
      return true;
    } catch (error) {
      if (!(error instanceof RefusedReferenceError)) throw error;
      const message = `The ${name} ${JSON.stringify(ref)} cannot be followed: ${error.message}.`;
      this.#report(message, at, "value", UNREADABLE.has(error.message) ? "warning" : "error");
      return UNREADABLE.has(error.message);
    }
  }

  // Values that the standard does not look into.

  #data(value: Json, at: At): Json {
    return inlineValue(value, {
      files: this.#files,
      document: at.document,
      tokens: at.tokens,
      report: ({ message, isRefused, tokens }) => {
        const place = { document: at.document, tokens: [...tokens] };
        if (isRefused) return this.#report(message, place, "value", "error");
        const key = at.document.path;
        const known = this.#unfollowed.get(key);
        if (known) known.count += 1;
        else this.#unfollowed.set(key, { origin: below(place), message, count: 1 });
        return undefined;
      },
    });
  }
}

/** References that stand in the place of others multiply. */
const MOST_INLINED = 100_000;

/** Fields that name a file without a `$ref`. */
const PLACES_OF_FILES = new Set(["example.externalValue", "link.operationRef"]);

function numbered(name: string, taken: Set<string>): string {
  for (let count = 2; ; count++) if (!taken.has(`${name}_${count}`)) return `${name}_${count}`;
}

function keyOf({ document, tokens }: Target): string {
  return `${document.path}#${formatPointer(tokens)}`;
}

/** What says nothing about a value that is valid: it is kept beside the reference of a schema, although the standard ignores it. */
const BESIDE_A_SCHEMA = new Set([
  ...[
    "title",
    "description",
    "summary",
    "default",
    "example",
    "examples",
    "deprecated",
    "externalDocs",
    "xml",
  ],
  ...["readOnly", "writeOnly", "nullable", "discriminator"],
]);

function isText(key: string, item: Json): boolean {
  return (key === "description" || key === "summary") && typeof item === "string";
}
