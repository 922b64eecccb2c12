import type { Operation } from "../../contracts/openapi/operations.ts";
import { type FromSchema, listOf, mapOf, record, text } from "../../contracts/openapi/schema-parts.ts";
import type { FaultRule } from "../faults/schemas.ts";
import type { DecodedBase64 } from "../http/base64.ts";

/** Subjects as a seed file lists them, and as seeding returns them. */
export const seedSchemas = {
  Seed: {
    ...mapOf(listOf({ anyOf: [text, record({ face: text }, { id: text })] })),
    description:
      "For each application, by its number, the faces that its gallery is to hold besides: each the text of a face " +
      "card with one face, or with an id.",
    examples: [{ 1: ["alice", "bob?photo=2"], 2: [] }],
  },
  Seeded: {
    ...mapOf(listOf(record({ id: text, face: text }))),
    description: "What was added, for each application.",
  },
} as const;

/**
 * Subjects to register, for each application by its number, from 1: the text of a face card, or that with an id.
 *
 * @example { "1": ["alice", "bob?photo=2", { id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b", face: "carol" }], "2": [] }
 */
export type Seed = FromSchema<typeof seedSchemas.Seed>;

/** The subjects that a seed registered, for each application, with their ids. It is a seed itself. */
export type Seeded = FromSchema<typeof seedSchemas.Seeded>;

/** One valid, authenticated call to the service behind the gateway. */
export type ServiceCall = {
  operation: Operation;
  /** The name of the contract that the operation belongs to, as several may share a service. */
  contract?: string;
  pathParameters: Record<string, string>;
  /** The values of the query by name, decoded and valid by the contract. */
  query?: Record<string, string | string[]>;
  /** Parsed and valid by the contract; `undefined` where the operation takes none. */
  body: unknown;
  /** Decodes a Base64 text of the body. */
  decodeBase64(text: string): DecodedBase64;
  /** The API key that names the application. */
  application: string;
  /** Whether the request has an API key that is accepted. An operation that wants one is not called without. */
  hasApiKey?: boolean;
};

/**
 * `body` is sent as JSON; `undefined` is an empty body. `json` is the same body as text, where the service has
 * it already: writing the attributes of a face as JSON takes longer than registering it.
 */
export type ServiceResponse = { status: number; body: unknown; json?: string };

/** A provider state of a pact's interaction. @see https://docs.pact.io/getting_started/provider_states */
export type ProviderState = { name: string; parameters: Record<string, unknown> };

/** The values that a provider state gives to the request, and the fault that the next call meets. */
export type EstablishedState = { values: Record<string, string>; fault?: FaultRule };

/** The service of one world: its state and its responses. */
export type ServiceState = {
  /** `undefined` leaves the response to the contract's examples. */
  respond(call: ServiceCall): ServiceResponse | undefined;
  /** Everything it keeps, as plain JSON. API keys are named by their place, 1 or 2, never written. */
  save(): unknown;
  /** Replaces everything by what `save` gave. @throws {StateError} when it is something else; then nothing changed. */
  load(saved: unknown): void;
  /** Adds what a seed file or a control call lists and returns it with the ids. @throws {StateError} likewise. */
  seed(listed: Seed): Seeded;
  /** Sets up a provider state of a pact. @throws {ProviderStateError} for one that it does not have. */
  setUpState?(state: ProviderState): Promise<EstablishedState>;
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

/** A provider state that cannot be set up. */
export class ProviderStateError extends Error {
  readonly code = "PROVIDER_STATE";

  constructor(message: string) {
    super(message);
    this.name = "ProviderStateError";
  }
}
