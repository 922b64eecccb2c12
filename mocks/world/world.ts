import type { Operation } from "../../contracts/openapi/operations.ts";
import { type ApplicableFaults, createFaults } from "../faults/faults.ts";
import { createRandom } from "../random/random.ts";
import { type Clock, createClock } from "./clock.ts";
import { type ContractResponse, createCoverage, type RecordingCoverage } from "./coverage.ts";
import type { Credentials } from "./credentials.ts";
import { createJournal, type RecordingJournal } from "./journal.ts";
import type { ImageProperties } from "./redact.ts";
import type { Service, ServiceState } from "./service.ts";

/**
 * What one test sees of the server: credentials, galleries, journal, faults, clock and seed. Worlds share the
 * contract and nothing else.
 */
export type World = {
  readonly id: string;
  readonly seed: string;
  readonly credentials: Credentials;
  /** One for each application, and so for each gallery. */
  readonly apiKeys: string[];
  readonly clock: Clock;
  readonly faults: ApplicableFaults;
  readonly journal: RecordingJournal;
  readonly coverage: RecordingCoverage;
  /** `undefined` where the contract's examples are the only responses. */
  readonly service: ServiceState | undefined;
  /** The next number of the world's sequence, from 0 up to 1. */
  random(): number;
  /** Restores the beginning: empty galleries, journal and coverage, no faults, real time, the seed's start. */
  reset(): void;
};

export type WorldOptions = {
  id: string;
  seed: string;
  credentials: Credentials;
  apiKeys: string[];
  operations: Operation[];
  /** Lists what coverage reports on. Only a report calls it. */
  documented: () => ContractResponse[];
  /** What the journal never shows. */
  images: ImageProperties;
  service: Service | undefined;
  /** Milliseconds since the epoch: the time that the clock shows until it is moved. */
  realTime: () => number;
};

export function createWorld(options: WorldOptions): World {
  const { id, seed, credentials, apiKeys, operations } = options;
  let sequence = createRandom(seed);
  const random = () => sequence();
  const clock = createClock(options.realTime);
  const faults = createFaults({ operations, random, now: clock.now });
  const journal = createJournal({ images: options.images });
  const coverage = createCoverage(options.documented);
  const service = options.service?.open({ apiKeys, random, now: clock.now });
  return {
    id,
    seed,
    credentials,
    apiKeys,
    clock,
    faults,
    journal,
    coverage,
    service,
    random,
    reset() {
      sequence = createRandom(seed);
      clock.resume();
      faults.clear();
      journal.clear();
      coverage.clear();
      service?.reset();
    },
  };
}
