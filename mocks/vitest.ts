import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Mock, MockOptions, MockWorld } from "./mock.ts";

export type { Mock, MockOptions, MockWorld };

/** The running mock and the world of the current test. They can be read only while a test or a hook runs. */
export type MockInUse = { readonly mock: Mock; readonly world: MockWorld };

/**
 * Starts a mock for the tests of a file or of a `describe`, gives each test a world of its own, and stops the mock
 * after them.
 *
 * @param options those of `startMock`; they apply to the mock and to its first world, which no test uses.
 * @returns `mock` and `world`, which throw when they are read outside a test or a hook.
 * @example
 * const mocked = useMock();
 * test("…", async () => {
 *   const { url, credentials, apiKeys, faults } = mocked.world;
 * });
 */
export function useMock(options: MockOptions = {}): MockInUse {
  let mock: Mock | undefined;
  let world: ReturnType<Mock["world"]> | undefined;
  beforeAll(async () => {
    // Loaded when it is used: most tests use the server of the whole run.
    const { startMock } = await import("./mock.ts");
    mock = await startMock(options);
  });
  afterAll(async () => {
    await mock?.close();
    mock = undefined;
  });
  beforeEach(() => {
    world = mock?.world();
  });
  afterEach(() => {
    world?.delete();
    world = undefined;
  });
  return {
    get mock() {
      return inUse(mock, "mock");
    },
    get world() {
      return inUse(world, "world");
    },
  };
}

function inUse<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined)
    throw new Error(`${name} is there only while a test or a hook runs. Read it inside of one.`);
  return value;
}
