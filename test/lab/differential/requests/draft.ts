import { createHash } from "node:crypto";
import type { Sent } from "../connection.ts";
import type { Content, Described, Document, Parameter } from "./described.ts";
import type { Draw } from "./draw.ts";
import { createSamples, type Size } from "./samples.ts";
import { isRecord, type Schema } from "./schema.ts";
import { asPairs, asText, inSegment, type Pair } from "./serialise.ts";

/** A request whose parts can still be exchanged. */
export type Draft = {
  operation: Described;
  parameters: { parameter: Parameter; value: unknown }[];
  /** The value behind the body, where there is one. */
  body?: { mediaType: string; value: unknown; schema: Schema | undefined };
  /** What proves who asks: headers, cookies and query parameters. */
  proofs: Proof[];
};
type Proof = { in: "header" | "query" | "cookie"; name: string; value: string };

/** Drafts requests that keep the contract, as far as the generator understands it. */
export function createDrafts(document: Document, draw: Draw) {
  const sample = createSamples(document, draw);
  return { sample, draft };

  function draft(operation: Described, size: Size, mediaType?: string): Draft {
    const parameters = operation.parameters
      .filter(({ required }) => required || size === "most" || (size === "some" && draw.chance(0.5)))
      .map((parameter) => ({ parameter, value: drawValue(parameter, size) }));
    const content = operation.body?.content ?? {};
    const type = mediaType ?? draw.of(Object.keys(content));
    const sends = type !== undefined && (operation.body!.required || size !== "least" || draw.chance(0.5));
    return {
      operation,
      parameters,
      ...(sends && { body: bodyOf(content, type, size) }),
      proofs: proofsOf(operation),
    };
  }

  function drawValue({ schema, example, in: place }: Parameter, size: Size): unknown {
    const value = example !== undefined && draw.chance(0.3) ? example : sample(schema, size);
    // An empty segment is another path.
    return place === "path" && (value === "" || value === undefined || value === null) ? "x" : value;
  }

  function bodyOf(content: Content, mediaType: string, size: Size): NonNullable<Draft["body"]> {
    const { schema, example, examples = {} } = content[mediaType] ?? {};
    const given = [example, ...Object.values(examples).map(({ value }) => value)].filter(
      (value) => value !== undefined,
    );
    const value = given.length > 0 && draw.chance(0.4) ? draw.of(given) : sample(schema, size);
    return { mediaType, value, schema };
  }

  function proofsOf({ security }: Described): Proof[] {
    const schemes = document.components?.securitySchemes ?? {};
    const needed = security.length === 0 ? {} : draw.of(security);
    return Object.keys(needed).flatMap((name): Proof[] => {
      const scheme = schemes[name];
      if (!scheme) return [];
      if (scheme.type === "apiKey")
        return [{ in: scheme.in as Proof["in"], name: scheme.name!, value: "the-key" }];
      const value =
        scheme.scheme === "basic"
          ? "Basic YWxpY2U6c2VjcmV0"
          : scheme.scheme === "digest"
            ? 'Digest username="alice"'
            : "Bearer a.token.here";
      return scheme.type === "mutualTLS" ? [] : [{ in: "header", name: "Authorization", value }];
    });
  }
}

/** Puts a draft on the wire. */
export function write({ operation, parameters, body, proofs }: Draft): Sent {
  const at = (place: Parameter["in"]) => parameters.filter(({ parameter }) => parameter.in === place);
  const path = operation.path.replaceAll(/\{([^}]*)\}/g, (_, name: string) => {
    const found = at("path").find(({ parameter }) => parameter.name === name);
    return found ? inSegment(found.parameter, found.value, encodeURIComponent) : "x";
  });
  const query = [
    ...at("query").flatMap(({ parameter, value }) => asPairs(parameter, value)),
    ...proofs.filter((proof) => proof.in === "query").map(({ name, value }): Pair => [name, value]),
  ];
  const cookies = [
    ...at("cookie").flatMap(({ parameter, value }) => asPairs(parameter, value)),
    ...proofs.filter((proof) => proof.in === "cookie").map(({ name, value }): Pair => [name, value]),
  ];
  const written = body && writeBody(body);
  return {
    method: operation.method,
    target: `${path}${query.length > 0 ? `?${encodePairs(query)}` : ""}`,
    headers: [
      ...at("header").map(
        ({ parameter, value }): Pair => [parameter.name, headerText(inSegment(parameter, value, asText))],
      ),
      ...proofs.filter((proof) => proof.in === "header").map(({ name, value }): Pair => [name, value]),
      ...(cookies.length > 0
        ? [["Cookie", headerText(cookies.map((pair) => pair.join("=")).join("; "))] as Pair]
        : []),
      ...(written ? [["Content-Type", written.contentType] as Pair] : []),
    ],
    ...(written && { body: written.bytes }),
  };
}

export function encodePairs(pairs: Pair[]): string {
  return pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
}

/** Headers carry no more than visible ASCII here; Node would refuse the rest. */
export function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?").trim();
}

/** Writes a value as its media type wants it; a type without a form of its own gets JSON or text. */
function writeBody({ mediaType, value }: { mediaType: string; value: unknown }): {
  contentType: string;
  bytes: Buffer;
} {
  const type = mediaType.split(";")[0]!;
  if (type === "application/x-www-form-urlencoded")
    return { contentType: mediaType, bytes: Buffer.from(encodePairs(fields(value))) };
  if (type === "multipart/form-data") return multipart(mediaType, fields(value));
  if (type === "*/*" || type === "application/*")
    return { contentType: "application/json", bytes: json(value) };
  if (type === "application/json" || type.endsWith("+json"))
    return { contentType: mediaType, bytes: json(value) };
  return {
    contentType: mediaType,
    bytes: Buffer.from(typeof value === "string" ? value : `<value>${JSON.stringify(value)}</value>`),
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? "null");
}

function fields(value: unknown): Pair[] {
  if (!isRecord(value)) return [["value", asText(value)]];
  return Object.entries(value).flatMap(([name, item]) =>
    asPairs({ name }, isRecord(item) ? JSON.stringify(item) : item),
  );
}

function multipart(mediaType: string, pairs: Pair[]): { contentType: string; bytes: Buffer } {
  const boundary = `part-${createHash("sha256").update(JSON.stringify(pairs)).digest("hex").slice(0, 16)}`;
  const parts = pairs.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    contentType: `${mediaType}; boundary=${boundary}`,
    bytes: Buffer.from(`${parts.join("")}--${boundary}--\r\n`),
  };
}
