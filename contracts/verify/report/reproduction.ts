import { hash } from "node:crypto";
import type { ImageRole, PlannedCall } from "../check.ts";

type Options = {
  baseUrl: string;
  /** Tells whose picture a Base64 text is. */
  roleOf: (text: string) => ImageRole | undefined;
};

/**
 * Shell commands that make planned calls again with `necid sign`, each after what it is for: credentials come
 * from the environment, pictures from files named by their role (`alice-1.jpg`), so that neither stands in
 * the text.
 */
export function reproduction(calls: PlannedCall[], options: Options): string {
  const left = calls.length - mostCalls;
  const before = left > 0 ? [`# after ${left} more calls of the check`] : [];
  return [...before, ...calls.slice(-mostCalls).flatMap((planned) => commandsOf(planned, options))].join(
    "\n",
  );
}

const mostCalls = 5;

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

/** `option` as it follows `--body`; `before` are the commands that write its file. */
function bodyOf(body: unknown, roleOf: (text: string) => ImageRole | undefined) {
  if (body === undefined) return { before: [], option: "" };
  if (Buffer.isBuffer(body)) return bytesOf(body);
  const roles: ImageRole[] = [];
  const text = JSON.stringify(body, (_name, value) => {
    const role = typeof value === "string" ? roleOf(value) : undefined;
    if (!role) return value;
    roles.push(role);
    return mark;
  });
  if (roles.length === 0) return { before: [], option: quoted(text) };
  const format = text.replaceAll("\\", "\\\\").replaceAll("%", "%%").replaceAll(mark, "%s");
  const pictures = roles.map((role) => `"$(base64 < ${role}.jpg | tr -d '\\n')"`).join(" ");
  // printf is part of the shell, so that a picture may be longer than an argument.
  return { before: [`printf ${quoted(format)} ${pictures} > body.json`], option: "@body.json" };
}

const mark = "<picture>";

/** A body that is wrong on purpose, and no JSON value. */
function bytesOf(body: Buffer) {
  const text = body.toString();
  const short = text.length <= 200 && Buffer.from(text).equals(body);
  if (short && /^[\x20-\x7e\n]*$/.test(text)) return { before: [], option: quoted(text) };
  const told = `# body.bin: ${body.length} bytes, SHA-256 ${hash("sha256", body)}`;
  return { before: [told], option: "@body.bin" };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
