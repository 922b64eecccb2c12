import { type Mock, MockOptionError, type MockOptions, startMock as startOne } from "../mock.ts";
import { contractOf } from "./spec-contract.ts";

export * from "../mock.ts";
export { type NecIdMatchers, necIdMatchers } from "./matchers.ts";
export type { NextResponse, NextResponses } from "./next.ts";
export type { OperationName } from "./operations.ts";
export { contractOf, type SpecContract } from "./spec-contract.ts";
export { type StartedWorld, type StartWorldOptions, startWorld } from "./start-world.ts";
export type { TestWorld, TestWorldOptions, UnhandledCalls } from "./test-world.ts";

/** The options of `startMock`, and which description files it serves. */
export type StartMockOptions = MockOptions & {
  /**
   * A Swagger 2.0 or OpenAPI 3.x file, YAML or JSON; or several, each below its own base path.
   *
   * @default NEC ID
   */
  spec?: string | readonly string[];
  /**
   * An OpenAPI Overlay for `spec`. The first of several belongs to the first spec, and so on.
   *
   * @default none
   */
  overlay?: string | readonly string[];
  /**
   * Further folders that references of `spec` may lead into.
   *
   * @default the folder of each spec
   */
  allowRefs?: readonly string[];
  /**
   * How large each file may be, in bytes.
   *
   * @default 50_000_000
   */
  maxSpecSize?: number;
};

/**
 * Starts the mock server, of NEC ID or of any description file. It listens when the promise is fulfilled.
 *
 * @throws {SpecError} with every problem of the description, as `file:line:column message`.
 * @throws {MissingPackagesError} when packages are not installed that reading a description needs.
 * @throws {MockOptionError} when the host or the control token is empty, or `spec` stands beside `contract`.
 * @throws {ListenError} when the address is in use or not allowed.
 * @throws {BasePathError} when two contracts have the same base path.
 * @throws {FaultError} when `faults` are not valid for the contract.
 * @throws {StateError} when `subjects` or the state file are invalid.
 * @example
 * const mock = await startMock({ spec: "orders.yaml", auth: "off" });
 * const orders = await fetch(`${mock.url}/orders`);
 * await mock.close();
 */
export async function startMock(options: StartMockOptions = {}): Promise<Mock> {
  const { spec, overlay, allowRefs, maxSpecSize, ...others } = options;
  const specs = listOf(spec);
  const overlays = listOf(overlay);
  if (overlays.length > specs.length)
    throw new MockOptionError(
      "overlay",
      `The overlay ${overlays.at(-1)} has no spec. Give a spec for each overlay.`,
    );
  if (specs.length === 0) return startOne(others);
  if (others.contract ?? others.contracts)
    throw new MockOptionError("spec", "The spec stands beside a contract. Leave one of them out.");
  const names = specs.map((one) => one.split(/[\\/]/).at(-1)!);
  const areDifferent = new Set(names).size === names.length;
  const contracts = await Promise.all(
    specs.map(async (one, place) => {
      const contract = await contractOf({
        spec: one,
        overlay: overlays[place],
        seed: others.seed,
        allowRefs,
        maxSpecSize,
      });
      return areDifferent ? contract : { ...contract, name: one };
    }),
  );
  return startOne({ ...others, contracts });
}

function listOf(given: string | readonly string[] | undefined): readonly string[] {
  if (given === undefined) return [];
  return typeof given === "string" ? [given] : given;
}
