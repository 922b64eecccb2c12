import { hash } from "node:crypto";
import type { ImageRole, PlannedCall } from "../check.ts";

type Options = {
  baseUrl: string;
  /** The role of a Base64 image. */
  roleOf: (text: string) => ImageRole | undefined;
};

/**
 * Writes shell commands that repeat planned calls with `necid sign`, each below a comment with its purpose.
 * They contain neither credentials nor images: those come from the environment and from files named by role
 * (`alice-1.jpg`).
 */
export function reproduction(calls: PlannedCall[], options: Options): string {
  const omitted = calls.length - maxCalls;
  const note = omitted > 0 ? [`# after ${omitted} more calls of the check`] : [];
  const commands = calls.slice(-maxCalls).flatMap((planned) => commandsOf(planned, options));
  return [...note, ...commands].join("\n");
}

const maxCalls = 5;

function commandsOf(planned: PlannedCall, { baseUrl, roleOf }: Options): string[] {
  const { method, path, application, signing = "good", purpose } = planned;
  const url = quoted(`${baseUrl}${path}`);
  const { before, option } = bodyOf(planned.body, roleOf);
  const key = application === 2 ? 'NECID_API_KEY="$NECID_API_KEY_2" ' : "";
  const body = option && ` -H 'content-type: application/json' --data-binary ${option}`;
  const headers = Object.entries(planned.headers ?? {}).filter(([name]) => !withheld.has(name.toLowerCase()));
  return [
    `# ${purpose}`,
    ...headers.map(([name, value]) => `# with the header ${name}: ${value}`),
    ...(signing === "good" || signing === "none"
      ? []
      : [`# the check signs it wrong on purpose: ${signing}`]),
    ...before,
    signing === "none"
      ? `curl -i -X ${method} ${url}${body}`
      : `${key}necid sign ${method} ${url}${option && ` --body ${option}`}`,
  ];
}

const withheld = new Set(["authorization", "x-api-key", "x-amz-security-token"]);

/** `option` is the value of `--body`; `before` are the commands that write its file. */
function bodyOf(body: unknown, roleOf: (text: string) => ImageRole | undefined) {
  if (body === undefined) return { before: [], option: "" };
  if (Buffer.isBuffer(body)) return bytesOf(body);
  const roles: ImageRole[] = [];
  const text = JSON.stringify(body, (_name, value) => {
    const role = typeof value === "string" ? roleOf(value) : undefined;
    if (!role) return value;
    roles.push(role);
    return placeholder;
  });
  if (roles.length === 0) return { before: [], option: quoted(text) };
  const format = text.replaceAll("\\", "\\\\").replaceAll("%", "%%").replaceAll(placeholder, "%s");
  const images = roles.map((role) => `"$(base64 < ${role}.jpg | tr -d '\\n')"`).join(" ");
  // printf is a shell builtin, so an image may be longer than the limit of an argument.
  return { before: [`printf ${quoted(format)} ${images} > body.json`], option: "@body.json" };
}

const placeholder = "<picture>";

/** A body that is deliberately not JSON. */
function bytesOf(body: Buffer) {
  const text = body.toString();
  const short = text.length <= 200 && Buffer.from(text).equals(body);
  if (short && /^[\x20-\x7e\n]*$/.test(text)) return { before: [], option: quoted(text) };
  const note = `# body.bin: ${body.length} bytes, SHA-256 ${hash("sha256", body)}`;
  return { before: [note], option: "@body.bin" };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
