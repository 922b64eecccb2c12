import { readFile } from "node:fs/promises";
import type { NecIdVersion } from "../../contracts/necid/contract.ts";
import type { Signing } from "../../contracts/verify/check.ts";
import { positiveNumber } from "./reader/options.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import { type Terminal, withSecrets } from "./reader/terminal.ts";

const options = {
  target: {
    argument: "who",
    description: "mock (started here for this call), live, or a base URL",
    default: "mock",
  },
  contract: {
    argument: "version",
    description: "the version of the contract (default: that of the base URL's path, else v1)",
    choices: ["v1", "v1.1"],
  },
  path: { argument: "path", description: "below the base URL, with its parameters filled in" },
  body: {
    argument: "text",
    description:
      "request body; @FILE reads a file. In it, {{face alice?photo=2}} is a face card, {{file alice.jpg}} a picture, {{repeat A 99}} a long text",
  },
  header: { argument: "name: value", description: "a further header (repeatable)", repeatable: true },
  application: { argument: "number", description: "1 or 2: whose API key is sent", choices: ["1", "2"] },
  signing: {
    argument: "how",
    description: "good, or what is wrong with the signature on purpose",
    default: "good",
    choices: [
      "good",
      "none",
      "expired",
      "future",
      "wrong secret",
      "tampered body",
      "wrong region",
      "wrong service",
      "wrong region and service",
      "unknown access key",
      "no api key",
      "unknown api key",
    ] as const satisfies Signing[],
  },
  allowInsecure: { description: "take http beyond this machine too: keys and faces are sent unencrypted" },
  timeout: {
    argument: "seconds",
    description: "for the whole response",
    default: 30,
    parse: positiveNumber,
  },
} as const satisfies Record<string, Option>;

export const callVerb = defineVerb({
  options,
  notes: `Exit codes: 0 a response came, whatever its status; 2 none came, or the call could not be made.
The credentials are read from the environment as by \`necid verify\`.`,
  run: ({ options, operands }, terminal) => runCall({ operation: operands[0]!, ...options }, terminal),
});

type CallCommand = { operation: string } & OptionValues<typeof options>;

/**
 * Makes one call of the contract and prints its response, without credentials and pictures.
 *
 * @returns the exit code: 0 a response came, 2 none came or the call could not be made.
 */
async function runCall(command: CallCommand, given: Terminal): Promise<number> {
  const [{ openTarget, secretsOf }, { buildRequest }, { sendRequest }, { createRedactor }] =
    await Promise.all([
      import("./verify-target.ts"),
      import("../../contracts/verify/run/target.ts"),
      import("../../contracts/verify/wire.ts"),
      import("../../contracts/verify/report/redact.ts"),
    ]);
  try {
    const opened = await openTarget(command, given.env);
    try {
      const { target, version } = opened;
      const terminal = withSecrets(given, secretsOf(target));
      const body = await readBody(command.body);
      if (command.application === "2" && target.apiKeys[1] === undefined) {
        throw new CallError("NECID_API_KEY_2 must be set in the environment to call as application 2.");
      }
      const request = buildRequest(
        {
          ...(await readRoute(command, version)),
          operation: command.operation,
          ...(body && { body }),
          headers: Object.fromEntries(command.header.map(readHeader)),
          application: command.application === "2" ? 2 : 1,
          signing: command.signing,
          purpose: "one call",
        },
        { target, now: Date.now() },
      );
      const response = await sendRequest(request, { timeoutMs: command.timeout * 1000 });
      const redact = createRedactor([]);
      const lines = [
        `HTTP ${response.status}`,
        ...response.headers.map(([name, value]) => `${name}: ${value}`),
        "",
        ...(response.body.length > 0 ? [redact(response.body.toString())] : []),
      ];
      terminal.stdout(`${lines.join("\n")}\n`);
      return 0;
    } finally {
      await opened.close();
    }
  } catch (error) {
    given.stderr(`${createRedactor([], { images: false })((error as Error).message)}\n`);
    return 2;
  }
}

async function readRoute(
  { operation, path }: CallCommand,
  version: NecIdVersion,
): Promise<{ method: string; path: string }> {
  const [{ loadContract }, { findOperation, readOperations }, { similarName }] = await Promise.all([
    import("../../contracts/necid/contract.ts"),
    import("../../contracts/openapi/operations.ts"),
    import("../../contracts/openapi/similar-name.ts"),
  ]);
  const operations = readOperations((await loadContract({ version })).openapi);
  const found = findOperation(operations, operation);
  const [, method, template] = /^([A-Z]+) (\/\S*)$/.exec(operation) ?? [];
  const route = found ?? (method && template ? { method, path: template } : undefined);
  if (!route) {
    const keys = operations.map(({ key }) => key);
    const similar = similarName(operation, keys);
    const hint = similar === undefined ? `It has ${keys.join(", ")}.` : `Did you mean ${similar}?`;
    throw new CallError(`The contract has no operation ${operation}. ${hint}`);
  }
  const filled = path ?? route.path;
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

async function readBody(given: string | undefined): Promise<Buffer | undefined> {
  if (given === undefined) return undefined;
  if (given.startsWith("@")) return readNamed(given.slice(1));
  const { face } = await import("../../contracts/necid/faces/faces.ts");
  const parts = given.split(/\{\{((?:face|file|repeat) [^{}]+)\}\}/);
  const texts = parts.map(async (part, index) => {
    if (index % 2 === 0) return part;
    const [, kind, value = ""] = /^(\w+) (.*)$/s.exec(part)!;
    if (kind === "face") return face(value);
    if (kind === "file") return (await readNamed(value)).toString("base64");
    const [, text, times] = /^(.) (\d{1,8})$/.exec(value) ?? [];
    if (text === undefined) throw new CallError(`{{${part}}} must be like {{repeat A 99}}.`);
    return text.repeat(Number(times));
  });
  return Buffer.from((await Promise.all(texts)).join(""));
}

function readNamed(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new CallError(`${file} cannot be read (${error.code}).`);
  });
}

function readHeader(text: string): [name: string, value: string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\x20-\x7e]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new CallError("--header must be like 'name: value', in ASCII.");
  }
  return [name, value.replace(/^ +/, "")];
}

/** The call cannot be made as the command says. */
class CallError extends Error {
  readonly code = "CALL";

  constructor(message: string) {
    super(message);
    this.name = "CallError";
  }
}
