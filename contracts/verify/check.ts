import type { ReceivedResponse, SentRequest } from "./wire.ts";

/** A part of the verification. */
export type Part = "schema" | "probe" | "sequence" | "pact";

/** One mismatch between the contract and the target, whichever part of the verification found it. */
export type Mismatch = {
  /** The operation's key. */
  operation: string;
  source: Part;
  /** What was requested, e.g. `201 application/json` or `signed an hour ago`. */
  location: string;
  /** Where in the response: `status`, `header x-amzn-errortype`, `body /attributes/faceRoll`, `bytes 17`. */
  instancePath: string;
  expected: string;
  /** Never an image or a secret: redacted where it was found. */
  actual: string;
  message: string;
  /** The JSON Schema keyword that failed, if there is one. It locates the line that states it. */
  keyword?: string;
};

/** Where a response differs from what was expected. Redacted, like the mismatch that is made of it. */
export type Difference = Pick<Mismatch, "instancePath" | "expected" | "actual"> & {
  /** The number of further items of the same list with the same difference. */
  further?: number;
};

/** Makes the mismatch of a difference, with its message. */
export function createMismatch(
  { instancePath, expected, actual, further = 0 }: Difference,
  { operation, source, location }: Pick<Mismatch, "operation" | "source" | "location">,
): Mismatch {
  const also = further === 0 ? "" : `, and ${further} more of the list`;
  const message = `${operation}, ${location}: ${instancePath} should be ${expected}, but is ${actual}${also}.`;
  return { operation, source, location, instancePath, expected, actual, message };
}

/** One field that a check asserted, for the matrix of operation by status by field. */
export type Assertion = { operation: string; status: number | "any"; field: string };

/** The result of one check. `skipped` says why nothing could be asserted, which is never a pass. */
export type CheckResult = {
  mismatches: Mismatch[];
  asserted: Assertion[];
  skipped?: string;
  /** The call of a mismatch. Without it, it is the last one to the operation. */
  callOf?: Map<Mismatch, PlannedCall>;
};

/** Collects the assertions of one check. */
export type ResultBuilder = {
  /**
   * Asserts a part of a response: a difference is a mismatch unless it `holds`.
   *
   * @param assertion.call whose response shows the difference, if that is not the last one to the operation.
   * @returns `holds`.
   */
  assert(
    assertion: Difference &
      Omit<Assertion, "field"> &
      Pick<Mismatch, "location"> & { holds: boolean; call?: PlannedCall },
  ): boolean;
  result(): CheckResult;
};

/** Creates the builder of a check's result. A field is listed once, whatever the index of its list item. */
export function createResultBuilder(source: Part): ResultBuilder {
  const asserted = new Map<string, Assertion>();
  const mismatches: Mismatch[] = [];
  const callOf = new Map<Mismatch, PlannedCall>();
  return {
    assert({ operation, status, location, holds, call, ...difference }) {
      const field = difference.instancePath.replace(/^bytes .*/, "bytes").replaceAll(/\/\d+(?=\/|$)/g, "/*");
      asserted.set(`${operation} ${status} ${field}`, { operation, status, field });
      if (holds) return true;
      const mismatch = createMismatch(difference, { operation, source, location });
      mismatches.push(mismatch);
      if (call) callOf.set(mismatch, call);
      return false;
    },
    result: () => ({ mismatches, asserted: [...asserted.values()], ...(callOf.size > 0 && { callOf }) }),
  };
}

/** A call as a check plans it. */
export type PlannedCall = {
  /** The operation's key, or `METHOD /path` if the contract has no such operation. */
  operation: string;
  method: string;
  /** Path below the base path, with its parameters filled in, e.g. `/subjects/necidguid-…`. */
  path: string;
  /** A JSON value, sent as `application/json`, or bytes. Absent for no body. */
  body?: unknown;
  headers?: Record<string, string>;
  /**
   * The application whose API key is sent.
   * @default 1
   */
  application?: 1 | 2;
  /** @default "good" */
  signing?: Signing;
  /** Whether a 429 is what the call is for, so that it is not repeated. */
  isThrottleExpected?: boolean;
  /** Whether the run needs it for itself, and not for a check. */
  isBookkeeping?: boolean;
  /** What it is for, in a few words: `register alice`. */
  purpose: string;
};

/** `good`, `none`, or what is wrong with the signature. */
export type Signing =
  | "good"
  | "none"
  | "expired"
  | "future"
  | "wrong secret"
  | "tampered body"
  | "wrong region"
  | "wrong service"
  | "wrong region and service"
  | "unknown access key"
  | "no api key"
  | "unknown api key";

/** A call that was made. */
export type MadeCall = { planned: PlannedCall; request: SentRequest; response: ReceivedResponse; ms: number };

/** What a check works with. Every call is counted, limited and paced. */
export type Session = {
  /** @throws if the limit of calls is reached, the run is interrupted, or the target cannot be reached. */
  call(planned: PlannedCall): Promise<MadeCall>;
  /**
   * Registers a face. The ledger records it before the call, and it is unregistered at the end of the check.
   *
   * @returns the call, and the id if the response has one.
   */
  register(options: {
    face: string;
    application?: 1 | 2;
    purpose: string;
  }): Promise<{ made: MadeCall; id: string | undefined }>;
  /** An image in Base64, or `undefined` if the target has none for this role. */
  image(role: ImageRole): string | undefined;
  /**
   * The number of applications with an API key.
   * @default 1
   */
  readonly applications?: 1 | 2;
  /** Whether this is a plan: the responses are documented examples, and nothing is sent. */
  readonly planning: boolean;
};

/** Who an image shows. `stranger` is never registered; `crowd` has more than twenty faces. */
export type ImageRole = "alice-1" | "alice-2" | "bob" | "stranger" | "group" | "crowd" | "none" | "blurred";

/** A self-contained check. It makes its calls in the same order every time. */
export type Check = {
  /** Stable and unique, e.g. `sequence/update-replaces-the-face`. */
  id: string;
  part: Part;
  operation: string;
  /** A sentence without a full stop: `an unregistered subject does not verify`. */
  title: string;
  run(session: Session): Promise<CheckResult>;
};
