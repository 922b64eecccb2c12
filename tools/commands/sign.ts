import { readFile } from "node:fs/promises";
import { type CredentialScope, necIdScope, scopeOfHost } from "../../contracts/openapi/scope.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import type { Terminal } from "./reader/terminal.ts";

const options = {
  body: { argument: "text", description: "request body; @FILE reads a file" },
  region: { argument: "name", description: "credential scope", default: "ap-southeast-2" },
  service: { argument: "name", description: "credential scope", default: "execute-api" },
} as const satisfies Record<string, Option>;

export const signVerb = defineVerb({
  options,
  run: ({ options, operands }, terminal) =>
    runSign({ method: operands[0]!, url: operands[1]!, ...options }, terminal),
});

export type SignCommand = { method: string; url: string } & OptionValues<typeof options>;

/**
 * Prints a curl command whose signature is good for five minutes. The credentials come from the
 * environment (the mock's own by default); the command shows the signature and the API key, never the
 * secret key.
 *
 * @returns the exit code: 0, or 2 when the URL or the body's file is not usable.
 */
export async function runSign(command: SignCommand, terminal: Terminal): Promise<number> {
  const { sign } = await import("../../contracts/signing.ts");
  const { mockApiKeys, mockCredentials } = await import("../../mocks/world/credentials.ts");
  const { env } = terminal;
  if (!URL.canParse(command.url) || !/^https?:/.test(command.url)) {
    terminal.stderr(`${command.url} is no URL. Give the whole one, e.g. http://127.0.0.1:4010/v1/health\n`);
    return 2;
  }
  const body = await readBody(command.body);
  if (body instanceof Error) {
    terminal.stderr(`${body.message}\n`);
    return 2;
  }
  const { href } = new URL(command.url);
  const headers = new Headers(body ? { "content-type": "application/json" } : {});
  const added = sign(
    { method: command.method.toUpperCase(), url: href, headers, body },
    {
      accessKeyId: env.NECID_ACCESS_KEY_ID ?? mockCredentials.accessKeyId,
      secretAccessKey: env.NECID_SECRET_ACCESS_KEY ?? mockCredentials.secretAccessKey,
      sessionToken: env.NECID_SESSION_TOKEN,
      apiKey: env.NECID_API_KEY ?? mockApiKeys[0],
      ...scopeFor(new URL(href).hostname, command),
      now: Date.now(),
    },
  );
  const lines = [
    `curl -X ${command.method.toUpperCase()} ${quoted(href)}`,
    ...[...headers, ...Object.entries(added)].map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(command.body === undefined ? [] : [`--data-binary ${quoted(command.body)}`]),
  ];
  terminal.credentials(`${lines.join(" \\\n  ")}\n`);
  return 0;
}

/** A host of AWS says what the defaults do not know. */
function scopeFor(host: string, { region, service }: CredentialScope): CredentialScope {
  const known = scopeOfHost(host) ?? necIdScope;
  return {
    region: region === options.region.default ? known.region : region,
    service: service === options.service.default ? known.service : service,
  };
}

async function readBody(given: string | undefined): Promise<Uint8Array | undefined | Error> {
  if (given === undefined) return undefined;
  if (!given.startsWith("@")) return Buffer.from(given);
  const file = given.slice(1);
  return readFile(file).catch(
    (error: NodeJS.ErrnoException) => new Error(`${file} cannot be read (${error.code}).`),
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
