import { afterAll, expect as baseExpect, test as baseTest } from "vitest";
import { formatCalls } from "./calls.ts";
import { countCovered } from "./coverage.ts";
import { type NecIdMatchers, necIdMatchers } from "./matchers.ts";
import { connectWorlds, type SharedWorlds } from "./shared/worlds.ts";
import { checkUnhandled, createTestWorld, type TestWorld, type TestWorldOptions } from "./test-world.ts";

export * from "../vitest.ts";
export type { NecIdMatchers } from "./matchers.ts";
export type { NextResponse, NextResponses } from "./next.ts";
export type { OperationName } from "./operations.ts";
export type { TestWorld, TestWorldOptions, UnhandledCalls } from "./test-world.ts";

/** What the fixture adds to the context of a test. */
export type NecIdFixtures = {
  /** A world of the mock that belongs to this test alone, with a client. */
  necid: TestWorld;
  /** Those of `testWith`, or of all tests with `provide: { necidOptions }` in vitest's configuration. */
  necidOptions: TestWorldOptions;
};

/**
 * vitest's `test` with a mock. Each test that names `necid` gets a world of its own, which is freed after it, also
 * where tests run at the same time. All files and workers of a run share one server.
 *
 * @example
 * test("nobody is registered", async ({ necid }) => {
 *   const result = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
 *   expect(result).toMatchContract("search", 404);
 * });
 */
export const test = testWith({});

/**
 * The same with options.
 *
 * @example
 * const test = testWith({ client: { retries: 0 } });
 */
export function testWith(options: TestWorldOptions) {
  return baseTest.extend<NecIdFixtures>({
    necidOptions: [options, { injected: true }],
    necid: async ({ necidOptions, task, onTestFailed }, use) => {
      connecting ??= connectWorlds();
      const worlds = await connecting;
      const { onUnhandled, client, seed } = necidOptions;
      const { close, ...parts } = await worlds.open({ seed });
      const world = createTestWorld(parts, { client });
      let lastCalls = world.lastCalls;
      onTestFailed(() => addToMessage(task.result?.errors?.[0], lastCalls()));
      await use(world);
      const { journal, covered, unhandled } = await close();
      lastCalls = () => formatCalls(journal);
      Object.assign(task.meta, { necid: countCovered(covered) });
      checkUnhandled(unhandled, onUnhandled);
    },
  });
}

export const it = test;

/** The connection of this file. The first test that needs it makes it. */
let connecting: Promise<SharedWorlds> | undefined;

afterAll(async () => {
  const ended = connecting;
  connecting = undefined;
  (await ended)?.close();
});

/** vitest's `expect` with the matchers of this package. */
export type NecIdExpect = (<T>(actual: T, message?: string) => Assertion<T>) & typeof baseExpect;

type Assertion<T> = ReturnType<typeof baseExpect<T>> & NecIdMatchers & { not: NecIdMatchers };

baseExpect.extend(necIdMatchers);
export const expect = baseExpect as NecIdExpect;

function addToMessage(error: { message?: string } | undefined, calls: string): void {
  if (error) error.message = `${error.message ?? ""}\n\n${calls}\n`;
}
