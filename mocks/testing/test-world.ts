import { createClient, type NecIdClient, type NecIdClientOptions } from "../../contracts/necid/client.ts";
import type { Clock, JournalEntry, MockWorld } from "../mock.ts";
import { formatCalls } from "./calls.ts";
import { validation } from "./contract.ts";
import { createNext, type NextResponses } from "./next.ts";
import type { OperationName } from "./operations.ts";

/** What becomes of calls that the contract does not know. */
export type UnhandledCalls = "error" | "warn" | "ignore";

export type TestWorldOptions = {
  /**
   * What a test does after calls that the contract does not know: `error` fails it, `warn` prints them.
   *
   * @default "error"
   */
  onUnhandled?: UnhandledCalls;
  /** The source of ids and probabilities. @default another one for each world */
  seed?: string;
  /** Options of `client`, such as `{ retries: 0 }`. */
  client?: Partial<NecIdClientOptions>;
};

/** What one test has for itself: a part of the mock, and a client that signs for it. */
export type TestWorld = MockWorld & {
  /**
   * A client of this world, with its credentials. It follows the world's clock: a wait before a retry advances the
   * clock and takes no time.
   */
  client: NecIdClient;
  /** What an application in another process needs to call this world: `NECID_BASE_URL`, `NECID_API_KEY` and so on. */
  env: Record<string, string>;
  /**
   * Arranges the response to the next call of an operation.
   *
   * @example necid.next("search").answers("NoFace");
   */
  next<Name extends OperationName>(operation: Name): NextResponses<Name>;
  /** The last calls as text, for messages. */
  lastCalls(): string;
};

/** A test made calls that the contract does not know. */
export class UnhandledCallError extends Error {
  readonly code = "CALL_UNHANDLED";

  constructor(calls: JournalEntry[]) {
    super(
      `${calls.length === 1 ? "A call is" : `${calls.length} calls are`} not in the contract. ${formatCalls(calls)}\n` +
        'Correct the method and path, or set onUnhandled to "warn" or "ignore".',
    );
    this.name = "UnhandledCallError";
  }
}

/** What a test's world is made of. */
export type TestWorldParts = {
  world: MockWorld;
  /** The time that the client signs with. */
  time: Pick<Clock, "now">;
  /** Advances the world's clock instead of a wait before a retry. */
  advance(ms: number): void | Promise<void>;
};

/** Adds to a world what a test needs besides: a client, an environment and the next responses. */
export function createTestWorld(
  { world, time, advance }: TestWorldParts,
  { client }: Pick<TestWorldOptions, "client"> = {},
): TestWorld {
  const { credentials, apiKeys, url, faults, journal } = world;
  return {
    ...world,
    client: createClient({
      ...credentials,
      apiKey: apiKeys[0]!,
      baseUrl: url,
      clock: () => time.now(),
      sleep: async (ms) => advance(ms),
      fetch: (request) => fetch(inWorld(request, world.id)),
      ...client,
    }),
    env: environmentOf(world),
    next: createNext({ faults, validation }),
    lastCalls: () => formatCalls(journal.list()),
  };
}

/** @throws {UnhandledCallError} where there are calls that the contract does not know, and a test does not allow it. */
export function checkUnhandled(calls: JournalEntry[], onUnhandled: UnhandledCalls = "error"): void {
  if (calls.length === 0 || onUnhandled === "ignore") return;
  const error = new UnhandledCallError(calls);
  if (onUnhandled === "error") throw error;
  console.warn(error.message);
}

/** Names the world of calls that are sent without credentials. */
function inWorld(request: Request, id: string): Request {
  request.headers.set("x-necid-world", id);
  return request;
}

function environmentOf({ url, credentials, apiKeys }: MockWorld): Record<string, string> {
  return {
    NECID_BASE_URL: url,
    NECID_ACCESS_KEY_ID: credentials.accessKeyId,
    NECID_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    NECID_API_KEY: apiKeys[0]!,
    NECID_API_KEY_2: apiKeys[1]!,
  };
}
