import type { Operation } from "../../contracts/openapi/operations.ts";

/** One valid, authenticated call to the service behind the gateway. */
export type ServiceCall = {
  operation: Operation;
  pathParameters: Record<string, string>;
  /** Parsed and valid by the contract; `undefined` where the operation takes none. */
  body: unknown;
  /** The API key that names the application. */
  application: string;
};

/**
 * `body` is written as JSON; `undefined` is an empty body. `json` is the same as text, where that is at hand:
 * writing the attributes of a face takes longer than registering it.
 */
export type ServiceAnswer = { status: number; body: unknown; json?: string };

/** What one world's service keeps and answers. */
export type ServiceState = {
  /** `undefined` leaves the answer to the contract's examples. */
  answer(call: ServiceCall): ServiceAnswer | undefined;
  /** Everything it keeps, as plain JSON. API keys are named by their place, 1 or 2, never written. */
  save(): unknown;
  /** Replaces everything by what `save` gave. @throws {StateError} when it is something else; then nothing changed. */
  load(saved: unknown): void;
  /** Adds what a seed file or a control call lists; answers what was added. @throws {StateError} likewise. */
  seed(listed: unknown): unknown;
  reset(): void;
  /** Called after each change; at most one listener. */
  onChange(listener: () => void): void;
};

/** A service that can be mocked: opens a fresh state for each world. */
export type Service = {
  open(world: { apiKeys: string[]; random: () => number; now: () => number }): ServiceState;
};

/** What was to be loaded or seeded is no state. */
export class StateError extends Error {
  readonly code = "STATE_INVALID";
  readonly place: string;
  readonly rule: string;

  constructor(place: string, rule: string) {
    super(`${place} ${rule}. Nothing was loaded.`);
    this.name = "StateError";
    this.place = place;
    this.rule = rule;
  }
}
