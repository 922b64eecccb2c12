import {
  type Check,
  type CheckResult,
  createResultBuilder,
  type ImageRole,
  type MadeCall,
  type PlannedCall,
  type ResultBuilder,
  type Session,
} from "../../../verify/check.ts";
import { redactSecrets } from "../../../verify/redaction.ts";
import type { SentRequest } from "../../../verify/wire.ts";

/** Several calls, and what their responses must show together. */
export type Sequence = {
  /** The check's id without `sequence/`. */
  id: string;
  /** The operation under test. */
  operation: OperationKey;
  title: string;
  images: ImageRole[];
  /**
   * 2 if it needs the API key of a second application.
   * @default 1
   */
  applications?: 1 | 2;
  /** Makes the same calls whatever the responses are. Only a registration without an id ends it early. */
  run(session: SequenceSession): Promise<void>;
};

/** The calls of a sequence, with images given by role, and the claims about their responses. */
export type SequenceSession = {
  /** An id that no subject has. */
  readonly unknownId: string;
  /** Base64 of one of the sequence's images. */
  image(role: ImageRole): string;
  /** Registers, and claims that the response is a 201 with an id of its own. */
  register(role: ImageRole, options?: CallOptions): Promise<Step & { id: string }>;
  update(id: string, role: ImageRole, options?: CallOptions): Promise<Step>;
  unregister(id: string, options?: CallOptions): Promise<Step>;
  extract(role: ImageRole, options?: CallOptions): Promise<Step>;
  search(role: ImageRole, options?: CallOptions & { threshold?: number; limit?: number }): Promise<Step>;
  verify(role: ImageRole, id: string, options?: CallOptions): Promise<Step>;
  /** Claims something about a step's response. Its texts must not contain an image. */
  claim(step: Step, claim: StepClaim): boolean;
  /** Claims that the response has this status. */
  claimStatus(step: Step, status: number, claim?: { because?: string; cause?: Step }): boolean;
};

type StepClaim = {
  instancePath: string;
  holds: boolean;
  expected: string;
  actual: string;
  /** The earlier step that a failed claim is attributed to. Default: the step itself. */
  cause?: Step;
  /** The later step whose response shows it. Default: the step itself. */
  shownBy?: Step;
};

type CallOptions = {
  application?: 1 | 2;
  /** Completes the purpose `verify bob`, e.g. with `after the update`. */
  note?: string;
};

/** A call, and its response's body if that was JSON. */
export type Step = {
  operation: OperationKey;
  location: string;
  status: number;
  body: unknown;
  planned: PlannedCall;
  request: SentRequest;
};

export type OperationKey = keyof typeof routes;

/** Makes a check of a sequence. It is skipped if the target lacks an image or an API key. */
export function sequenceCheck(sequence: Sequence): Check {
  const { id, operation, title } = sequence;
  return {
    id: `sequence/${id}`,
    part: "sequence",
    operation,
    title,
    async run(session) {
      const skipped = skipReason(sequence, session);
      if (skipped) return { mismatches: [], asserted: [], skipped };
      const builder = createResultBuilder("sequence");
      try {
        await sequence.run(createSequenceSession(session, builder));
      } catch (error) {
        if (!(error instanceof NotRegistered)) throw error;
      }
      return withoutConsequences(builder.result());
    },
  };
}

/** If two subjects have the same id, every other mismatch may follow from that. */
function withoutConsequences(result: CheckResult): CheckResult {
  const duplicates = result.mismatches.filter(({ expected }) => expected === uniqueId);
  return duplicates.length > 0 ? { ...result, mismatches: duplicates } : result;
}

const uniqueId = "another id than the first registration's";

/** Ends a sequence that cannot continue. The mismatch is already recorded. */
class NotRegistered extends Error {
  readonly code = "NOT_REGISTERED";
}

const routes = {
  ApiSubjectsPost: { method: "POST", path: "/subjects" },
  ApiSubjectsByIdPut: { method: "PUT", path: "/subjects" },
  ApiSubjectsByIdDelete: { method: "DELETE", path: "/subjects" },
  ApiFaceExtractPost: { method: "POST", path: "/face/extract" },
  ApiFaceSearchPost: { method: "POST", path: "/face/search" },
  ApiFaceVerifyPost: { method: "POST", path: "/face/verify" },
};

function skipReason({ images, applications = 1 }: Sequence, session: Session): string | undefined {
  const missing = images.filter((role) => session.image(role) === undefined).map((role) => `\`${role}.jpg\``);
  if (missing.length > 0) return `no picture ${missing.join(", ")} was given`;
  if (applications > (session.applications ?? 1)) return "no API key of a second application was given";
  return undefined;
}

function createSequenceSession(session: Session, builder: ResultBuilder): SequenceSession {
  const image = (role: ImageRole) => session.image(role)!;
  const taken = new Set<string>();
  const subject = (operation: OperationKey, id: string) => ({
    operation,
    path: `${routes[operation].path}/${encodeURIComponent(id)}`,
  });
  return {
    unknownId: "necidguid-0000-0000-0000-000000000000",
    image,
    register,
    update: (id, role, options) =>
      call(`update with ${role}`, options, {
        ...subject("ApiSubjectsByIdPut", id),
        body: { face: image(role) },
      }),
    unregister: (id, options) => call("unregister", options, subject("ApiSubjectsByIdDelete", id)),
    extract: (role, options) =>
      call(`extract ${role}`, options, { operation: "ApiFaceExtractPost", body: { faces: image(role) } }),
    search: (role, { threshold, limit, ...options } = {}) =>
      call(`search ${role}`, options, {
        operation: "ApiFaceSearchPost",
        body: {
          probe: image(role),
          ...(threshold !== undefined && { threshold }),
          ...(limit !== undefined && { limit }),
        },
      }),
    verify: (role, id, options) =>
      call(`verify ${role}`, options, { operation: "ApiFaceVerifyPost", body: { probe: image(role), id } }),
    claim,
    claimStatus: (step, status, { because, cause } = {}) =>
      builder.assert({
        // The cause answered as documented, but did not do what its status promises.
        operation: cause?.operation ?? step.operation,
        status: cause?.status ?? status,
        location: step.location,
        call: step.planned,
        instancePath: "status",
        holds: step.status === status,
        expected: because ? `${status}, because ${because}` : String(status),
        actual: String(step.status),
      }),
  };

  async function register(role: ImageRole, options: CallOptions = {}) {
    const purpose = `register ${role}${noteOf(options)}`;
    const { application = 1 } = options;
    const { made, id } = await session.register({ face: image(role), application, purpose });
    const step = stepOf(made, "ApiSubjectsPost", purpose);
    const holds = step.status === 201 && id !== undefined;
    const actual = step.status === 201 ? "201 without an id" : String(step.status);
    claim(step, { instancePath: "status", holds, expected: "201 and an id", actual });
    if (!holds) throw new NotRegistered();
    claim(step, {
      instancePath: "body /id",
      holds: !taken.has(id),
      expected: uniqueId,
      actual: "the same id",
    });
    taken.add(id);
    return { ...step, id };
  }

  async function call(
    action: string,
    options: CallOptions = {},
    planned: Pick<PlannedCall, "body"> & { operation: OperationKey; path?: string },
  ): Promise<Step> {
    const purpose = `${action}${noteOf(options)}`;
    const { operation } = planned;
    const { application } = options;
    const made = await session.call({
      ...routes[operation],
      ...planned,
      ...(application && { application }),
      purpose,
    });
    return stepOf(made, operation, purpose);
  }

  function claim(step: Step, { cause, shownBy = step, actual, ...rest }: StepClaim): boolean {
    const { operation, status } = cause ?? step;
    return builder.assert({
      operation,
      status,
      location: step.location,
      call: shownBy.planned,
      actual: redactSecrets(actual, step.request),
      ...rest,
    });
  }
}

function noteOf({ note }: CallOptions): string {
  return note ? ` ${note}` : "";
}

function stepOf({ planned, response, request }: MadeCall, operation: OperationKey, location: string): Step {
  return { operation, location, status: response.status, body: parseJson(response.body), planned, request };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
