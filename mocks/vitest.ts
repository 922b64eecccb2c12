import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type Mock, type MockOptions, type MockWorld, startMock } from "./mock.ts";

/** The running mock and the current test's own world; there only while a test or a hook runs. */
export type MockInUse = { readonly mock: Mock; readonly world: MockWorld };

/**
 * Starts a mock for the tests of a file (or of a `describe`), gives each test a world of its own, and ends
 * it after them.
 *
 *     const mocked = useMock();
 *     test("…", async () => {
 *       const { url, credentials, apiKeys } = mocked.world;
 *     });
 *
 * @throws {Error} when `mock` or `world` is read outside a test or hook.
 */
export function useMock(options: MockOptions = {}): MockInUse {
  let mock: Mock | undefined;
  let world: ReturnType<Mock["world"]> | undefined;
  beforeAll(async () => {
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
