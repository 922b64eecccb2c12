import { hash } from "node:crypto";
import { percentDecode } from "../../openapi/pointer.ts";
import type { ImageRole, PlannedCall } from "../check.ts";
import type { KeptResponse } from "./kept-response.ts";

export type ReproductionOptions = {
  /**
   * What runs `necid call`.
   * @default "npx necid call"
   */
  command?: string;
  /** The options of `necid call` that name the target, e.g. `["--target", "http://127.0.0.1:4010/v1"]`. */
  target: string[];
  /** The role of a Base64 image. */
  roleOf: (text: string) => ImageRole | undefined;
  /**
   * What stands for the image of a role: `face alice?photo=2` or `file faces/alice-2.jpg`.
   * @default the file `alice-2.jpg`
   */
  imageOf?: (role: ImageRole) => string;
  /** The path of an operation in the contract. A call with another one names it. */
  pathOf?: (operation: string) => string | undefined;
  /**
   * What was kept of the response to a call. With it, the command makes the calls before it that it needs.
   * @default nothing: the calls before it are comments
   */
  responseTo?: (call: PlannedCall) => KeptResponse | undefined;
  /**
   * What a call does to the target: `none` for one that only reads, `undoable` for one that `--undo` takes back.
   * @default a GET, HEAD or OPTIONS does nothing, any other `lasting` changes
   */
  effectOf?: (call: PlannedCall) => "none" | "lasting" | "undoable";
  /**
   * Whether the failing call may need each call before it, and not only those that changed something.
   * @default false
   */
  needsAll?: boolean;
};

/**
 * Writes a shell command that repeats planned calls with `necid call`: the last call, whose response is the mismatch,
 * with the calls before it that it needs as `--given`. Where it is not known which it needs, those follow as comments.
 * It contains neither credentials nor images: those come from the environment, from face cards and from files.
 */
export function reproduction(calls: PlannedCall[], options: ReproductionOptions): string {
  const failing = calls.at(-1);
  if (!failing) return "";
  if (options.responseTo) {
    const line = commandWithGiven(failing, neededBefore(calls, options), options);
    if (line.length <= longestLine) return line;
  }
  const before = calls.slice(0, -1);
  const omitted = before.length - maxBefore;
  const note = omitted > 0 ? [`#   (${omitted} more)`] : [];
  const shown = before
    .slice(-maxBefore)
    .flatMap((planned) => linesOf(planned, options).map((line) => `#   ${line}`));
  return [
    ...linesOf(failing, options),
    ...(before.length > 0 ? ["# The check called before it:", ...note, ...shown] : []),
  ].join("\n");
}

const maxBefore = 5;
/** A report cuts longer texts. */
const longestLine = 3_900;

const effectByMethod = ({ method }: PlannedCall) =>
  ["GET", "HEAD", "OPTIONS"].includes(method) ? "none" : "lasting";

/** The calls that the last one needs: those that changed something, and those whose values a later one has. */
function neededBefore(
  calls: PlannedCall[],
  { responseTo, effectOf = effectByMethod, needsAll = false }: ReproductionOptions,
): PlannedCall[] {
  const needed: PlannedCall[] = [];
  let texts = textOf(calls.at(-1)!);
  for (const call of calls.slice(0, -1).reverse()) {
    const { status = 0, values = [] } = responseTo!(call) ?? {};
    const hasEffect = effectOf(call) !== "none" && status < 400;
    const isUsed = values.some(([, value]) => texts.includes(value));
    if (call.isBookkeeping || !(needsAll || hasEffect || isUsed)) continue;
    needed.unshift(call);
    texts += textOf(call);
  }
  return needed;
}

/** Where a call can have a value of an earlier response. */
function textOf({ path, body }: PlannedCall): string {
  return `${percentDecode(path)} ${Buffer.isBuffer(body) ? body.toString() : (JSON.stringify(body) ?? "")} `;
}

/** The call, the calls that it needs, and references to what those give: `{{1 /id}}`. */
function commandWithGiven(failing: PlannedCall, given: PlannedCall[], options: ReproductionOptions): string {
  const { command = "npx necid call", responseTo, effectOf = effectByMethod } = options;
  const references = new Map<string, string>();
  const referring = (planned: PlannedCall): PlannedCall => {
    const path = planned.path.replaceAll(/[^/?&=]+/g, (part) => references.get(percentDecode(part)) ?? part);
    if (Buffer.isBuffer(planned.body) || planned.body === undefined) return { ...planned, path };
    const body = JSON.stringify(planned.body, (_, value) => references.get(value) ?? value);
    return { ...planned, path, body: JSON.parse(body) };
  };
  const givenArgs = given.map((planned, index) => {
    const text = JSON.stringify(givenOf(referring(planned), options));
    for (const [pointer, value] of responseTo!(planned)?.values ?? []) {
      if (!references.has(value)) references.set(value, `{{${index + 1} ${pointer}}}`);
    }
    return ["--given", text];
  });
  const { args, note } = argumentsOf(referring(failing), options);
  const undo = [...given, failing].some((call) => effectOf(call) === "undoable") ? ["--undo"] : [];
  return [`${command} ${[...args, ...givenArgs.flat(), ...undo].map(quoted).join(" ")}`, ...note].join("\n");
}

/** A call as `--given` takes it. */
function givenOf(planned: PlannedCall, images: ReproductionOptions) {
  const { operation, path, application, signing = "good", headers = {} } = planned;
  const shown = Object.entries(headers).filter(([name, value]) => !isWithheld(name, value));
  const { text, base64 } = bodyOf(planned.body, images);
  const isJson = planned.body !== undefined && !Buffer.isBuffer(planned.body);
  return {
    operation,
    ...(path === images.pathOf?.(operation) ? {} : { path }),
    ...(signing === "good" ? {} : { signing }),
    ...(application === 2 ? { application } : {}),
    ...(shown.length > 0 ? { headers: Object.fromEntries(shown) } : {}),
    ...(base64 === undefined ? {} : { bodyBase64: base64 }),
    ...(text === undefined ? {} : { body: isJson ? JSON.parse(text) : text }),
  };
}

/** No comment stands behind a command: not every shell takes one there. */
function linesOf(planned: PlannedCall, options: ReproductionOptions): string[] {
  const { args, note } = argumentsOf(planned, options);
  return [`${options.command ?? "npx necid call"} ${args.map(quoted).join(" ")}`, ...note];
}

function argumentsOf(planned: PlannedCall, options: ReproductionOptions): { args: string[]; note: string[] } {
  const { target, pathOf, ...images } = options;
  const { operation, path, application, signing = "good", headers = {} } = planned;
  const template = pathOf ? pathOf(operation) : undefined;
  const known = template ?? /^[A-Z]+ (\/\S*)$/.exec(operation)?.[1];
  const { text, base64, note } = bodyOf(planned.body, images);
  const shown = Object.entries(headers).filter(([name, value]) => !isWithheld(name, value));
  const args = [
    operation,
    ...target,
    ...(path === known ? [] : ["--path", path]),
    ...(signing === "good" ? [] : ["--signing", signing]),
    ...(application === 2 ? ["--application", "2"] : []),
    ...shown.flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
    ...(base64 === undefined ? [] : ["--body-base64", base64]),
    ...(text === undefined ? [] : ["--body", text]),
  ];
  return { args, note };
}

/** A probe's credentials are made up, and part of the fault. Others are never shown. */
function isWithheld(name: string, value: string): boolean {
  return (
    ["authorization", "x-api-key", "x-amz-security-token"].includes(name.toLowerCase()) &&
    !value.includes("made-up")
  );
}

type Images = Pick<ReproductionOptions, "roleOf" | "imageOf" | "responseTo">;

/** The value of `--body`. */
function bodyOf(body: unknown, images: Images): { text?: string; base64?: string; note: string[] } {
  if (body === undefined) return { note: [] };
  if (Buffer.isBuffer(body)) {
    const text = withoutImages(body.toString(), images);
    const isText = text.length <= maxText && !/\p{Cc}/u.test(text);
    if (isText && Buffer.from(body.toString()).equals(body)) return { text, note: [] };
    if (images.responseTo && body.length <= fewBytes) return { base64: body.toString("base64"), note: [] };
    const note = `# body.bin: ${body.length} bytes, SHA-256 ${hash("sha256", body)}`;
    return { text: "@body.bin", note: [note] };
  }
  return { text: withoutImages(JSON.stringify(body), images), note: [] };
}

/** Longer bytes are named, not shown. */
const maxText = 1_000;
/** No picture is so small. */
const fewBytes = 48;

/** A text in which placeholders of `necid call` stand for images and for long repetitions. */
function withoutImages(text: string, { roleOf, imageOf = (role) => `file ${role}.jpg` }: Images): string {
  return text
    .split('"')
    .map((part) => {
      const isBase64 = part.length >= 8 && part.length % 4 === 0;
      const role = isBase64 ? roleOf(part) : undefined;
      return role ? `{{${imageOf(role)}}}` : withoutRepetitions(part);
    })
    .join('"');
}

/** In a loop: a regular expression of V8 does not take a run of millions of characters. */
function withoutRepetitions(text: string): string {
  let shortened = "";
  let start = 0;
  while (start < text.length) {
    const character = text[start]!;
    let end = start + 1;
    while (text[end] === character) end++;
    const isLong = end - start >= minRepeated && /[!-z]/.test(character);
    shortened += isLong ? `{{repeat ${character} ${end - start}}}` : text.slice(start, end);
    start = end;
  }
  return shortened;
}

const minRepeated = 32;

/** A word of a shell's command line. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
