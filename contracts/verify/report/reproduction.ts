import { hash } from "node:crypto";
import type { ImageRole, PlannedCall } from "../check.ts";

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
};

/**
 * Writes shell commands that repeat planned calls with `necid call`, one line for each: the last call, whose
 * response is the mismatch, comes first. The calls before it follow as comments. They contain neither
 * credentials nor images: those come from the environment, from face cards and from files.
 */
export function reproduction(calls: PlannedCall[], options: ReproductionOptions): string {
  const failing = calls.at(-1);
  if (!failing) return "";
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

/** No comment stands behind a command: not every shell takes one there. */
function linesOf(planned: PlannedCall, options: ReproductionOptions): string[] {
  const { command = "npx necid call", target, pathOf, ...images } = options;
  const { operation, path, application, signing = "good", headers = {} } = planned;
  const template = pathOf ? pathOf(operation) : undefined;
  const known = template ?? /^[A-Z]+ (\/\S*)$/.exec(operation)?.[1];
  const { text, note } = bodyOf(planned.body, images);
  const shown = Object.entries(headers).filter(([name, value]) => !isWithheld(name, value));
  const args = [
    operation,
    ...target,
    ...(path === known ? [] : ["--path", path]),
    ...(signing === "good" ? [] : ["--signing", signing]),
    ...(application === 2 ? ["--application", "2"] : []),
    ...shown.flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
    ...(text === undefined ? [] : ["--body", text]),
  ];
  return [`${command} ${args.map(quoted).join(" ")}`, ...note];
}

/** A probe's credentials are made up, and part of the fault. Others are never shown. */
function isWithheld(name: string, value: string): boolean {
  return (
    ["authorization", "x-api-key", "x-amz-security-token"].includes(name.toLowerCase()) &&
    !value.includes("made-up")
  );
}

type Images = Pick<ReproductionOptions, "roleOf" | "imageOf">;

/** The value of `--body`. */
function bodyOf(body: unknown, images: Images): { text?: string; note: string[] } {
  if (body === undefined) return { note: [] };
  if (Buffer.isBuffer(body)) {
    const text = withoutImages(body.toString(), images);
    const isText = text.length <= maxText && !/\p{Cc}/u.test(text);
    if (isText && Buffer.from(body.toString()).equals(body)) return { text, note: [] };
    const note = `# body.bin: ${body.length} bytes, SHA-256 ${hash("sha256", body)}`;
    return { text: "@body.bin", note: [note] };
  }
  return { text: withoutImages(JSON.stringify(body), images), note: [] };
}

/** Longer bytes are named, not shown. */
const maxText = 1_000;

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
