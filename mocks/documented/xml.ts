import { isObject } from "../../contracts/openapi/json.ts";
import type { Schemas } from "./schemas.ts";
import { type IsValid, ownValue } from "./valid.ts";

/**
 * Writes a value as XML by its schema: the names, attributes, namespaces and wrapped lists that `xml` describes.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#xml-object
 */
export function writeXml(
  schema: unknown,
  value: unknown,
  { schemas, isValid }: { schemas: Schemas; isValid: IsValid },
): string {
  const root = read(schema, value);
  const name = root.xml.name ?? root.name ?? "root";
  const body = Array.isArray(value) ? around(name, root, items(root, value)) : element(name, root, value);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;

  function element(name: string, described: Described, value: unknown): string {
    if (value === null || value === undefined)
      return `<${nameIn(name, described.xml)}${namespaceOf(described.xml)}${nil}/>`;
    if (!isObject(value)) return around(name, described, escaped(textOf(value)));
    let attributes = "";
    let inside = "";
    for (const [property, item] of Object.entries(value)) {
      const part = read(described.property(property), item);
      const called = part.xml.name ?? property;
      if (part.xml.attribute === true && typeof item !== "object")
        attributes += `${namespaceOf(part.xml)} ${nameIn(called, part.xml)}="${escaped(textOf(item))}"`;
      else inside += Array.isArray(item) ? list(property, part, item) : element(called, part, item);
    }
    return around(name, described, inside, attributes);
  }

  function around(name: string, { xml }: Described, inside: string, attributes = ""): string {
    const opening = `${nameIn(name, xml)}${namespaceOf(xml)}${attributes}`;
    return inside === "" ? `<${opening}/>` : `<${opening}>${inside}</${nameIn(name, xml)}>`;
  }

  /** A list in an element of its own where it is wrapped, else one element for each item. */
  function list(property: string, described: Described, values: unknown[]): string {
    if (described.xml.wrapped !== true) return items(described, values, property);
    const outer = described.xml.name ?? property;
    return around(outer, described, items(described, values, outer));
  }

  function items(described: Described, values: unknown[], fallback?: string): string {
    return values
      .map((value, index) => {
        const part = read(described.item(index), value);
        const name = part.xml.name ?? fallback ?? part.name ?? "item";
        return Array.isArray(value) ? around(name, part, items(part, value)) : element(name, part, value);
      })
      .join("");
  }

  /** A schema, with those that its reference, its `allOf` and its fitting alternative add. */
  function read(schema: unknown, value: unknown): Described {
    const all: Record<string, unknown>[] = [];
    let name: string | undefined;
    const open: unknown[] = [schema];
    for (let index = 0; index < open.length && index < 1000; index++) {
      const one = open[index];
      if (!isObject(one) || all.includes(one)) continue;
      all.push(one);
      if (typeof one.$ref === "string") {
        name ??= schemas.nameOf(one.$ref);
        open.push(schemas.target(one.$ref));
      }
      if (Array.isArray(one.allOf)) open.push(...one.allOf);
      const alternatives = [one.oneOf, one.anyOf].flatMap((list) => (Array.isArray(list) ? list : []));
      const fitting = alternatives.find((alternative) => isValid(alternative, value));
      if (fitting !== undefined) open.push(fitting);
    }
    const find = (property: string) =>
      all.map(({ properties }) => ownValue(properties, property)).find((one) => one !== undefined) ??
      all.map(({ additionalProperties }) => additionalProperties).find(isObject);
    return {
      name,
      xml: Object.assign(
        {},
        ...all
          .map(({ xml }) => xml)
          .filter(isObject)
          .reverse(),
      ),
      property: find,
      item: (index) =>
        all
          .map(
            ({ prefixItems, items }) =>
              (Array.isArray(prefixItems) ? prefixItems[index] : undefined) ?? items,
          )
          .find((one) => one !== undefined),
    };
  }
}

type Xml = { name?: string; namespace?: string; prefix?: string; attribute?: boolean; wrapped?: boolean };
type Described = {
  /** What the contract calls the schema. */
  name: string | undefined;
  xml: Xml;
  property(name: string): unknown;
  item(index: number): unknown;
};

const nil = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"';

function nameIn(name: string, { prefix }: Xml): string {
  const plain = validName(name);
  return prefix ? `${validName(prefix)}:${plain}` : plain;
}

function namespaceOf({ namespace, prefix }: Xml): string {
  if (!namespace) return "";
  return prefix ? ` xmlns:${validName(prefix)}="${escaped(namespace)}"` : ` xmlns="${escaped(namespace)}"`;
}

/** @see https://www.w3.org/TR/xml/#NT-Name */
function validName(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}_.-]/gu, "_");
  return /^[\p{L}_]/u.test(plain) ? plain : `_${plain}`;
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML cannot have in any form are left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (char) => entities[char]!)
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "");
}
