import { readFile } from "node:fs/promises";
import { type CredentialScope, necIdScope, scopeOfHost } from "../../contracts/openapi/scope.ts";
import { isLoopbackHost } from "../../contracts/trust/loopback.ts";
import { CallError, createReader } from "./call/planned.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import type { Terminal } from "./reader/terminal.ts";

const options = {
  body: {
    argument: "text",
    description:
      "request body; @FILE reads a file. Of an operation's, {{face alice}} is a face card, {{file alice.jpg}} a picture",
  },
  face: { argument: "who", description: "a face card or a picture's file: the image of an operation's body" },
  path: { argument: "path", description: "of an operation, with its parameters filled in" },
  region: { argument: "name", description: "credential scope", default: "ap-southeast-2" },
  service: { argument: "name", description: "credential scope", default: "execute-api" },
} as const satisfies Record<string, Option>;

export const signVerb = defineVerb({
  options,
  notes: `Examples:
  necid sign POST http://127.0.0.1:4010/v1/face/search --body @request.json
  necid sign ApiFaceSearchPost mock --face alice
  necid sign ApiSubjectsByIdDelete live --path /subjects/necidguid-0000-0000-0000-000000000000`,
  run: ({ options, operands }, terminal) =>
    runSign({ method: operands[0]!, url: operands[1]!, ...options }, terminal),
});

export type SignCommand = { method: string; url: string } & OptionValues<typeof options>;

/**
 * Prints a curl command whose signature is good for five minutes. The credentials come from the
 * environment (on this machine the mock's own by default); the command shows the signature and the API key, never the
 * secret key.
 *
 * @returns the exit code: 0, or 2 when the request cannot be made as the command says.
 */
export async function runSign(command: SignCommand, terminal: Terminal): Promise<number> {
  const { sign } = await import("../../contracts/signing.ts");
  try {
    const { method, url, body } = await requestOf(command, terminal.env);
    const headers = new Headers(body ? { "content-type": "application/json" } : {});
    const credentials = await credentialsFor(url, terminal.env);
    const added = sign(
      { method, url: url.href, headers, body },
      { ...credentials, ...scopeFor(url.hostname, command), now: Date.now() },
    );
    const lines = [
      `curl -X ${method} ${quoted(url.href)}`,
      ...[...headers, ...Object.entries(added)].map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
      ...(body ? [`--data-binary ${quoted(writtenBody(command, body))}`] : []),
    ];
    terminal.credentials(`${lines.join(" \\\n  ")}\n`);
    return 0;
  } catch (error) {
    terminal.stderr(`${(error as Error).message}\n`);
    return 2;
  }
}

/** A host of AWS says what the defaults do not know. */
function scopeFor(host: string, { region, service }: CredentialScope): CredentialScope {
  const known = scopeOfHost(host) ?? necIdScope;
  return {
    region: region === options.region.default ? known.region : region,
    service: service === options.service.default ? known.service : service,
  };
}

type SignedRequest = { method: string; url: URL; body: Buffer | undefined };

const methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

async function requestOf(command: SignCommand, env: Terminal["env"]): Promise<SignedRequest> {
  const { method: first, url, body, face, path } = command;
  const method = first.toUpperCase();
  if (!methods.includes(method)) return requestOfOperation(command, env);
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new CallError(`${url} is no URL. Give the whole one, e.g. http://127.0.0.1:4010/v1/health`);
  }
  if (face !== undefined || path !== undefined)
    throw new CallError("--face and --path belong to an operation, as in: necid sign ApiFaceSearchPost mock");
  return { method, url: new URL(url), body: await readBody(body) };
}

/** The request of an operation of the contract, to `mock`, `live` or a base URL. */
async function requestOfOperation(
  { method: operation, url: target, body, face, path }: SignCommand,
  env: Terminal["env"],
): Promise<SignedRequest> {
  const bases: Record<string, () => Promise<string>> = {
    mock: async () => env.NECID_BASE_URL || "http://127.0.0.1:4010/v1",
    live: async () => env.NECID_BASE_URL || (await import("#generated/necid-v1/client.js")).serverUrl,
  };
  const base = Object.hasOwn(bases, target) ? await bases[target]!() : target;
  if (!URL.canParse(base) || !/^https?:/.test(base))
    throw new CallError(`${base} must be mock, live or a base URL like https://host/v1.`);
  const read = await createReader(/\/v1\.1\/*$/.test(base) ? "v1.1" : "v1");
  const planned = await read({ operation, path, body, face }, []);
  return {
    method: planned.method,
    url: new URL(`${base.replace(/(?<!\/)\/+$/, "")}${planned.path}`),
    body: planned.body as Buffer | undefined,
  };
}

/** Beyond this machine there are no default credentials: nobody signs for a service with the mock's. */
async function credentialsFor(url: URL, env: Terminal["env"]) {
  const { mockApiKeys, mockCredentials } = await import("../../mocks/world/credentials.ts");
  const names = ["NECID_ACCESS_KEY_ID", "NECID_SECRET_ACCESS_KEY", "NECID_API_KEY"] as const;
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0 && !isLoopbackHost(url.hostname))
    throw new CallError(`${missing.join(", ")} must be set in the environment to sign for ${url.host}.`);
  return {
    accessKeyId: env.NECID_ACCESS_KEY_ID || mockCredentials.accessKeyId,
    secretAccessKey: env.NECID_SECRET_ACCESS_KEY || mockCredentials.secretAccessKey,
    sessionToken: env.NECID_SESSION_TOKEN || undefined,
    apiKey: env.NECID_API_KEY || mockApiKeys[0],
  };
}

/** A body that is a file's own stays one. Linux takes 128 KiB in an argument. */
function writtenBody({ body: given, face }: SignCommand, body: Buffer): string {
  if (given?.startsWith("@") && face === undefined) return given;
  if (body.length < 120_000) return body.toString();
  throw new CallError("The body is too long for a command line. Write it to a file, and give --body @FILE.");
}

async function readBody(given: string | undefined): Promise<Buffer | undefined> {
  if (given === undefined) return undefined;
  if (!given.startsWith("@")) return Buffer.from(given);
  const file = given.slice(1);
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new CallError(`${file} cannot be read (${error.code}).`);
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
