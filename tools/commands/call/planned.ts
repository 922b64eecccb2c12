import { readFile } from "node:fs/promises";
import type { NecIdVersion } from "../../../contracts/necid/contract.ts";
import { isObject } from "../../../contracts/openapi/json.ts";
import type { Operation } from "../../../contracts/openapi/operations.ts";
import { parsePointer, valueAt } from "../../../contracts/openapi/pointer.ts";
import type { MadeCall, PlannedCall, Signing } from "../../../contracts/verify/check.ts";

/** One call as the command line says it, or an item of `--given`. */
export type WrittenCall = {
  operation: string;
  path?: string | undefined;
  /** Text with placeholders, or a JSON value whose texts may have them. */
  body?: unknown;
  /** Text that is sent as it is. */
  rawBody?: string | undefined;
  bodyBase64?: string | undefined;
  /** A face card, or a file: the image of the body. */
  face?: string | undefined;
  headers?: Record<string, string>;
  application?: 1 | 2;
  signing?: Signing;
};

/** The call cannot be made as the command says. */
export class CallError extends Error {
  readonly code = "CALL";

  constructor(message: string) {
    super(message);
    this.name = "CallError";
  }
}

/** Reads calls as they are written, one after the other: a later one may use the response of an earlier one. */
export async function createReader(
  version: NecIdVersion,
): Promise<(call: WrittenCall, made: readonly MadeCall[]) => Promise<PlannedCall>> {
  const [{ loadContract }, { readOperations }, { imageProperties }] = await Promise.all([
    import("../../../contracts/necid/contract.ts"),
    import("../../../contracts/openapi/operations.ts"),
    import("../../../mocks/world/redact.ts"),
  ]);
  const { openapi } = await loadContract({ version });
  const operations = readOperations(openapi);
  const images = imageProperties(openapi);

  return async (call, made) => {
    const { operation, headers = {}, application = 1, signing = "good" } = call;
    const route = await routeOf(call, { operations, made });
    const body = await bodyOf(call, made, images.get(operation) ?? new Set());
    return { ...route, operation, ...(body && { body }), headers, application, signing, purpose: "one call" };
  };
}

type RouteContext = { operations: Operation[]; made: readonly MadeCall[] };

async function routeOf(
  { operation, path }: WrittenCall,
  { operations, made }: RouteContext,
): Promise<{ method: string; path: string }> {
  const [{ findOperation }, { similarName }] = await Promise.all([
    import("../../../contracts/openapi/operations.ts"),
    import("../../../contracts/openapi/similar-name.ts"),
  ]);
  const found = findOperation(operations, operation);
  const [, method, template] = /^([A-Z]+) (\/\S*)$/.exec(operation) ?? [];
  const route = found ?? (method && template ? { method, path: template } : undefined);
  if (!route) {
    const keys = operations.map(({ key }) => key);
    const similar = similarName(operation, keys);
    const hint = similar === undefined ? `It has ${keys.join(", ")}.` : `Did you mean ${similar}?`;
    throw new CallError(`The contract has no operation ${operation}. ${hint}`);
  }
  const filled = withReferences(path ?? route.path, made, encodeURIComponent);
  if (!/^(\/[!-~]*)?$/.test(filled)) {
    throw new CallError("--path must begin with / and be percent-encoded ASCII, like /subjects/1.");
  }
  if (found && filled.includes("{")) {
    throw new CallError(
      `${operation} has the path ${filled}. Give it with --path, its parameters filled in.`,
    );
  }
  return { method: route.method, path: filled };
}

async function bodyOf(
  { operation, body, rawBody, bodyBase64, face }: WrittenCall,
  made: readonly MadeCall[],
  images: ReadonlySet<string>,
): Promise<Buffer | undefined> {
  if (rawBody !== undefined) return Buffer.from(rawBody);
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, "base64");
  const isFile = typeof body === "string" && body.startsWith("@");
  if (isFile && face === undefined) return readNamed(body.slice(1));
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const read = isFile ? (await readNamed(body.slice(1))).toString() : text && (await filledIn(text, made));
  if (face === undefined) return read === undefined ? undefined : Buffer.from(read);
  return Buffer.from(withFace(read ?? "{}", { operation, image: await imageOf(face), images }));
}

/** The body with an image in the first property for one that it does not give itself. */
function withFace(
  body: string,
  { operation, image, images }: { operation: string; image: string; images: ReadonlySet<string> },
): string {
  const value = parsed(body);
  if (!isObject(value)) throw new CallError("--face needs a --body that is a JSON object, or none.");
  const property = [...images].find((name) => value[name] === undefined);
  if (property === undefined)
    throw new CallError(`The body of ${operation} has no property left for --face.`);
  return JSON.stringify({ [property]: image, ...value });
}

async function imageOf(given: string): Promise<string> {
  const file = given.startsWith("@") ? given.slice(1) : given;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes) return bytes.toString("base64");
  if (given.startsWith("@") || /\.(jpe?g|png)$/i.test(given))
    return (await readNamed(file)).toString("base64");
  const { face } = await import("../../../contracts/necid/faces/faces.ts");
  return face(given);
}

async function filledIn(text: string, made: readonly MadeCall[]): Promise<string> {
  const { face } = await import("../../../contracts/necid/faces/faces.ts");
  const parts = text.split(/\{\{((?:face|file|repeat) [^{}]+)\}\}/);
  const texts = parts.map(async (part, index) => {
    if (index % 2 === 0) return withReferences(part, made, (value) => JSON.stringify(value).slice(1, -1));
    const [, kind, value = ""] = /^(\w+) (.*)$/s.exec(part)!;
    if (kind === "face") return face(value);
    if (kind === "file") return (await readNamed(value)).toString("base64");
    const [, character, times] = /^(.) (\d{1,8})$/.exec(value) ?? [];
    if (character === undefined) throw new CallError(`{{${part}}} must be like {{repeat A 99}}.`);
    return character.repeat(Number(times));
  });
  return (await Promise.all(texts)).join("");
}

/** A text in which `{{1 /id}}` stands for the value at a JSON Pointer of the first given call's response. */
function withReferences(text: string, made: readonly MadeCall[], write: (value: string) => string): string {
  return text.replaceAll(/\{\{(\d{1,3}) ((?:\/[^{}]*)?)\}\}/g, (reference, number, pointer) => {
    const call = made[Number(number) - 1];
    if (!call) throw new CallError(`${reference} names no call that is given before.`);
    const value = valueAt(parsed(call.response.body.toString()), parsePointer(pointer));
    if (value === undefined || typeof value === "object") {
      const { status } = call.response;
      throw new CallError(
        `The response of given call ${number} (HTTP ${status}) has no value at ${pointer}.`,
      );
    }
    return write(String(value));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readNamed(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new CallError(`${file} cannot be read (${error.code}).`);
  });
}

/** Reads an item of `--given`. */
export function readGiven(text: string): WrittenCall {
  const value = parsed(text);
  const { operation, application } = isObject(value) ? value : {};
  const isKnown = isObject(value) && Object.keys(value).every((name) => givenNames.has(name));
  const isApplication = application === undefined || application === 1 || application === 2;
  if (!isKnown || typeof operation !== "string" || !isApplication) {
    throw new CallError(
      `--given must be like '{"operation":"GET /health"}', with ${[...givenNames].join(", ")}.`,
    );
  }
  return value as unknown as WrittenCall;
}

const givenNames = new Set(["operation", "path", "body", "bodyBase64", "headers", "application", "signing"]);
