import { writeFile } from "node:fs/promises";
import type { MadeCall, PlannedCall, Signing } from "../../contracts/verify/check.ts";
import type { Target } from "../../contracts/verify/run/target.ts";
import { CallError, createReader, readGiven, type WrittenCall } from "./call/planned.ts";
import { positiveNumber } from "./reader/options.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import { type Terminal, withSecrets } from "./reader/terminal.ts";
import { scopeOptions } from "./spec-options.ts";

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
  face: {
    argument: "who",
    description: "a face card or a picture's file: the image of the body, in the property that is for one",
    conflicts: ["rawBody", "bodyBase64"],
  },
  rawBody: {
    argument: "text",
    description: "request body, sent as it is",
    conflicts: ["body", "bodyBase64"],
  },
  bodyBase64: { argument: "base64", description: "request body of any bytes", conflicts: ["body"] },
  given: {
    argument: "json",
    description:
      'a call to make first (repeatable), like {"operation":"GET /health"}; {{1 /id}} in a later path or body is the id of its response',
    repeatable: true,
  },
  save: { argument: "file", description: "write the body of the response to this file, as it came" },
  undo: { description: "at the end unregister what these calls registered, and delete their tags" },
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
  ...scopeOptions,
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
 * Makes one call of the contract and prints its response, without credentials and pictures. The calls that it needs
 * are made before it.
 *
 * @returns the exit code: 0 a response came, 2 none came or a call could not be made.
 */
async function runCall(command: CallCommand, given: Terminal): Promise<number> {
  const [{ openTarget, secretsOf }, { createRedactor }] = await Promise.all([
    import("./verify-target.ts"),
    import("../../contracts/verify/report/redact.ts"),
  ]);
  try {
    const opened = await openTarget(command, given.env);
    try {
      const { target, version } = opened;
      const terminal = withSecrets(given, secretsOf(target));
      const redact = createRedactor([]);
      const read = await createReader(version);
      const before = command.given.map(readGiven);
      const calls = [...before, writtenCall(command)];
      const made: MadeCall[] = [];
      try {
        for (const call of calls) {
          const planned = await read(call, made);
          if (planned.application === 2 && target.apiKeys[1] === undefined) {
            throw new CallError("NECID_API_KEY_2 must be set in the environment to call as application 2.");
          }
          const done = await send(planned, { target, timeoutMs: command.timeout * 1000 });
          made.push(done);
          const place = made.length < calls.length ? made.length : undefined;
          terminal.stdout(printed(done, { place, redact }));
        }
        if (command.save !== undefined) await save(command.save, made.at(-1)!.response.body);
        return 0;
      } finally {
        if (command.undo) await undo(made, { target, timeoutMs: command.timeout * 1000 });
      }
    } finally {
      await opened.close();
    }
  } catch (error) {
    given.stderr(`${createRedactor([], { images: false })((error as Error).message)}\n`);
    return 2;
  }
}

function writtenCall(command: CallCommand): WrittenCall {
  const { operation, path, body, rawBody, bodyBase64, face, header, application, signing } = command;
  return {
    operation,
    path,
    body,
    rawBody,
    bodyBase64,
    face,
    headers: Object.fromEntries(header.map(readHeader)),
    application: application === "2" ? 2 : 1,
    signing,
  };
}

type Sending = { target: Target; timeoutMs: number };

async function send(planned: PlannedCall, { target, timeoutMs }: Sending): Promise<MadeCall> {
  const [{ buildRequest }, { sendRequest }] = await Promise.all([
    import("../../contracts/verify/run/target.ts"),
    import("../../contracts/verify/wire.ts"),
  ]);
  const request = buildRequest(planned, { target, now: Date.now() });
  const started = performance.now();
  const response = await sendRequest(request, { timeoutMs });
  return { planned, request, response, ms: performance.now() - started };
}

/** A response. That of a given call is short. */
function printed(
  { planned, response }: MadeCall,
  { place, redact }: { place: number | undefined; redact: (text: string) => string },
): string {
  const text = response.body.length > 0 ? [redact(response.body.toString())] : [];
  if (place !== undefined)
    return `${[`${place}: ${planned.operation}, HTTP ${response.status}`, ...text].join("\n")}\n\n`;
  const headers = response.headers.map(([name, value]) => `${name}: ${value}`);
  return `${[`HTTP ${response.status}`, ...headers, "", ...text].join("\n")}\n`;
}

/** For this user only: the response may be about a person. */
function save(file: string, body: Buffer): Promise<void> {
  return writeFile(file, body, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new CallError(`The response came, but ${file} cannot be written (${error.code}).`);
  });
}

/** Takes back what the calls made, the last first. What is gone already is no error. */
async function undo(made: MadeCall[], sending: Sending): Promise<void> {
  const { undoOf } = await import("../../contracts/necid/verify/undo.ts");
  for (const call of made.toReversed()) {
    const planned = undoOf(call);
    if (planned) await send(planned, sending).catch(() => {});
  }
}

function readHeader(text: string): [name: string, value: string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\x20-\x7e]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new CallError("--header must be like 'name: value', in ASCII.");
  }
  return [name, value.replace(/^ +/, "")];
}
