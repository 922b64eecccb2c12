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
 * `body` is sent as JSON; `undefined` is an empty body. `json` is the same body as text, where the service has
 * it already: writing the attributes of a face as JSON takes longer than registering it.
 */
export type ServiceResponse = { status: number; body: unknown; json?: string };

/** The service of one world: its state and its responses. */
export type ServiceState = {
  /** `undefined` leaves the response to the contract's examples. */
  respond(call: ServiceCall): ServiceResponse | undefined;
  /** Everything it keeps, as plain JSON. API keys are named by their place, 1 or 2, never written. */
  save(): unknown;
  /** Replaces everything by what `save` gave. @throws {StateError} when it is something else; then nothing changed. */
  load(saved: unknown): void;
  /** Adds what a seed file or a control call lists and returns it with the ids. @throws {StateError} likewise. */
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
