import type { SigningOptions } from "../canonical-request.ts";
import { type CredentialScope, necIdScope, scopeOf, scopeOfHost } from "../openapi/scope.ts";
import { isLoopbackHost, isSecure } from "../trust/loopback.ts";

export type SignedClientOptions = SigningOptions & {
  /** With the base path, `https://api.example.com/v1`. It may be http on this machine only, see `allowInsecure`. */
  baseUrl: string;
  /**
   * The contract, such as the generated `openapi.json`. Where `region` and `service` are not given and the host of
   * `baseUrl` does not say them, the hosts of its servers do.
   * @default undefined
   */
  contract?: { servers?: { url: string }[] };
  /**
   * Allows http to another machine, where everybody on the way reads the API key and the faces.
   * @default false
   */
  allowInsecure?: boolean;
  /**
   * Sends a request. A `fetch` of a single call replaces it for that call.
   * @default globalThis.fetch
   */
  fetch?: (request: Request) => Promise<Response>;
  /**
   * Unix time in milliseconds.
   * @default Date.now
   */
  clock?: () => number;
  /**
   * A number from 0 up to 1, for the delay before a retry.
   * @default Math.random
   */
  random?: () => number;
  /** Waits between tries. By default a timer that ends when the signal aborts. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /**
   * Milliseconds for each try, to the last byte of its response. The gateway itself gives up after 29,000.
   * @default 30_000
   */
  timeoutMs?: number;
  /**
   * Bytes of a decoded response body. A longer one is not read to its end, and the call rejects with
   * ResponseTooLargeError.
   * @default 33_554_432
   */
  maxResponseBytes?: number;
  /**
   * Tries after the first one, 0 to 10. `also` names operations that are sent again although the first try may
   * have succeeded.
   * @default 2
   * @example
   * { attempts: 2, also: ["POST /subjects"] }
   */
  retries?: number | { attempts: number; also?: readonly string[] };
  /**
   * Whether an operation may be sent twice although its method is not idempotent.
   * @default () => false
   */
  repeatable?: (method: string, path: string) => boolean;
  /**
   * Whether an operation is sent without credentials.
   * @default () => false
   */
  unsigned?: (method: string, path: string) => boolean;
};

/** An option is invalid. The error names the option, never its value. */
export class ClientOptionError extends Error {
  readonly code = "CLIENT_OPTION";
  readonly option: string;

  constructor(option: string, rule: string) {
    super(`The client was not created: ${option} must be ${rule}. Correct this option.`);
    this.name = "ClientOptionError";
    this.option = option;
  }
}

/**
 * Checks the options of a client.
 *
 * @returns the region and service that its requests are signed for.
 * @throws {ClientOptionError} for the first invalid option.
 */
export function checkClientOptions(options: SignedClientOptions): CredentialScope {
  for (const [name, isValid, rule] of checks) {
    if (!isValid(options[name])) throw new ClientOptionError(name, rule);
  }
  if (!options.allowInsecure && !isSecure(new URL(options.baseUrl)))
    throw new ClientOptionError("baseUrl", "an https URL off this machine, unless allowInsecure is true");
  return scopeFrom(options);
}

/**
 * What requests are signed for: as given, else as a host of AWS says. Without a contract, or to a mock on this machine,
 * it is NEC ID's.
 */
function scopeFrom({ baseUrl, contract, region, service }: SignedClientOptions): CredentialScope {
  const { hostname } = new URL(baseUrl);
  const isNecId = contract === undefined || isLoopbackHost(hostname);
  const known = scopeOfHost(hostname) ?? scopeOf(contract ?? {}) ?? (isNecId ? necIdScope : undefined);
  const found = region ?? known?.region;
  if (found === undefined)
    throw new ClientOptionError(
      "region",
      "given, such as eu-west-1, because neither baseUrl nor the contract has a host that says it",
    );
  return { region: found, service: service ?? known?.service ?? "execute-api" };
}

const printable = "text of visible ASCII characters, without spaces";
const checks: [name: keyof SignedClientOptions, isValid: (value: unknown) => boolean, rule: string][] = [
  ["accessKeyId", (value) => isPrintable(value) && !/[/,]/.test(String(value)), `${printable}, "/" and ","`],
  ["secretAccessKey", isPrintable, printable],
  ["sessionToken", optional(isPrintable), printable],
  ["apiKey", optional(isPrintable), printable],
  ["baseUrl", isBaseUrl, "an http or https URL without user, query and fragment"],
  ["contract", optional(isObject), "the contract as an object, such as that of openapi.json"],
  ["allowInsecure", optional(isBoolean), "true or false"],
  ["region", optional(isScopePart), "lower-case letters, digits and hyphens"],
  ["service", optional(isScopePart), "lower-case letters, digits and hyphens"],
  ["fetch", optional(isFunction), "a function"],
  ["clock", optional(isFunction), "a function"],
  ["random", optional(isFunction), "a function"],
  ["sleep", optional(isFunction), "a function"],
  ["unsigned", optional(isFunction), "a function"],
  ["repeatable", optional(isFunction), "a function"],
  ["timeoutMs", optional(isTimeout), "a number of milliseconds from 1 to 2147483647"],
  ["maxResponseBytes", optional(isSize), "a whole number of bytes from 1 to 1073741824"],
  ["retries", optional(isRetries), 'a whole number from 0 to 10, or { attempts, also: ["POST /path"] }'],
];

function optional(isValid: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || isValid(value);
}

function isPrintable(value: unknown): boolean {
  return typeof value === "string" && /^[!-~]+$/.test(value);
}

function isScopePart(value: unknown): boolean {
  return typeof value === "string" && /^[a-z0-9-]+$/.test(value);
}

function isBaseUrl(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === "" && password === "" && !/[?#]/.test(value);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isSize(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 2 ** 30;
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isTimeout(value: unknown): boolean {
  return typeof value === "number" && value >= 1 && value <= 2_147_483_647;
}

function isRetries(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isAttempts(value);
  const { attempts, also = [] } = value as { attempts?: unknown; also?: unknown };
  return isAttempts(attempts) && Array.isArray(also) && also.every((name) => /^[A-Z]+ \//.test(name));
}

function isAttempts(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 10;
}
