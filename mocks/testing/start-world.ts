import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Mock, type MockOptions, startMock } from "../mock.ts";
import { type CoveredCounts, countCovered } from "./coverage.ts";
import { sharedMock } from "./shared-mock.ts";
import { checkUnhandled, createTestWorld, type TestWorld, type TestWorldOptions } from "./test-world.ts";

export type StartWorldOptions = TestWorldOptions & {
  /** Options of a mock of this world's own. @default one mock for all worlds of this process */
  mock?: MockOptions;
};

/** A world that its test ends itself. */
export type StartedWorld = TestWorld & {
  /**
   * Frees the world, and stops the mock after the last one.
   *
   * @throws {UnhandledCallError} after calls that the contract does not know.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Starts a world of its own for one test, with any test runner. The worlds of a process share one server. Where
 * `NECID_COVERAGE` names a folder, what the test covered is kept there for `necid coverage`.
 *
 * @example
 * const necid = await startWorld();
 * const { data } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
 * await necid.close();
 */
export async function startWorld(options: StartWorldOptions = {}): Promise<StartedWorld> {
  const { mock: own, seed, client, onUnhandled } = options;
  const { mock, release } = own ? await ownMock(own) : await sharedMock.lease();
  const { delete: remove, ...world } = mock.world({ seed });
  const { clock, coverage, journal } = world;
  // Calls without a key of any world are recorded in the first one.
  const before = lastId(mock);
  const folder = process.env.NECID_COVERAGE;
  let closed = false;

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    if (folder) keepCounts(folder, countCovered(coverage.report()));
    remove();
    const calls = [...journal.list(), ...mock.journal.list({ since: before })];
    try {
      checkUnhandled(
        calls.filter(({ operation }) => operation === undefined),
        onUnhandled,
      );
    } finally {
      await release();
    }
  }
  const parts = { world, time: clock, advance: clock.advance };
  return { ...createTestWorld(parts, { client }), close, [Symbol.asyncDispose]: close };
}

const coverageFile = `${randomUUID()}.jsonl`;

function lastId({ journal }: Mock): number {
  return journal.list().at(-1)?.id ?? 0;
}

/** One file for each process, so that no two write to the same one. Nobody can put a link under a name that nobody knows. */
function keepCounts(folder: string, counts: CoveredCounts): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, coverageFile), `${JSON.stringify(counts)}\n`);
}

async function ownMock(options: MockOptions) {
  const mock = await startMock(options);
  return { mock, release: () => mock.close() };
}
