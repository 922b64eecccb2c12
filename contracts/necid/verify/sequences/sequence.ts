import type { Check, CheckResult, ImageRole, MadeCall, PlannedCall, Scene } from "../../../verify/check.ts";
import { createFindings, type Findings } from "../../../verify/findings.ts";
import { withoutSecrets } from "../../../verify/redaction.ts";
import type { WireRequest } from "../../../verify/wire.ts";

/** What several calls after each other must show. */
export type Sequence = {
  /** Below `sequence/`. */
  id: string;
  /** The operation that it is about. */
  operation: OperationKey;
  title: string;
  images: ImageRole[];
  /** 2 where it needs the key of a second application; default 1. */
  applications?: 1 | 2;
  /** Makes the same calls whatever the answers say; only a registration without an id ends it early. */
  run(stage: Stage): Promise<void>;
};

/** The calls of a sequence, by who is in the picture, and what it claims of their answers. */
export type Stage = {
  /** The id that no subject has. */
  readonly nobody: string;
  /** The Base64 of a picture that the sequence named. */
  image(role: ImageRole): string;
  /** Claims that the answer is a 201 with an id that no other subject of the sequence has. */
  register(role: ImageRole, options?: CallOptions): Promise<Step & { id: string }>;
  update(id: string, role: ImageRole, options?: CallOptions): Promise<Step>;
  unregister(id: string, options?: CallOptions): Promise<Step>;
  extract(role: ImageRole, options?: CallOptions): Promise<Step>;
  search(role: ImageRole, options?: CallOptions & { threshold?: number; limit?: number }): Promise<Step>;
  verify(role: ImageRole, id: string, options?: CallOptions): Promise<Step>;
  /** Claims something of a step's answer, in words that hold no picture. */
  claim(step: Step, claim: StageClaim): boolean;
  /** Claims that the answer has this status. */
  claimStatus(step: Step, status: number, claim?: { because?: string; blame?: Step }): boolean;
};

export type StageClaim = {
  instancePath: string;
  holds: boolean;
  expected: string;
  actual: string;
  /** The step whose fault it is, where another one's. */
  blame?: Step;
};

export type CallOptions = {
  application?: 1 | 2;
  /** Goes on from `verify bob`, e.g. `after the update`. */
  note?: string;
};

/** A call that was made and the JSON that it was answered with, if it was JSON. */
export type Step = {
  operation: OperationKey;
  location: string;
  status: number;
  body: unknown;
  request: WireRequest;
};

export type OperationKey = keyof typeof routes;

/** Makes a check of a sequence. It is skipped where the target's pictures or keys do not suffice. */
export function sequenceCheck(sequence: Sequence): Check {
  const { id, operation, title } = sequence;
  return {
    id: `sequence/${id}`,
    part: "sequence",
    operation,
    title,
    async run(scene) {
      const skipped = whySkipped(sequence, scene);
      if (skipped) return { mismatches: [], asserted: [], skipped };
      const findings = createFindings("sequence");
      try {
        await sequence.run(createStage(scene, findings));
      } catch (error) {
        if (!(error instanceof NotRegistered)) throw error;
      }
      return withoutConfusion(findings.result());
    },
  };
}

/** Where two subjects have one id, nobody can say who was meant afterwards: that is all there is to tell. */
function withoutConfusion(result: CheckResult): CheckResult {
  const confused = result.mismatches.filter(({ expected }) => expected === idOfItsOwn);
  return confused.length > 0 ? { ...result, mismatches: confused } : result;
}

const idOfItsOwn = "another id than the first registration's";

/** The sequence cannot go on; why, is a finding already. */
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

function whySkipped({ images, applications = 1 }: Sequence, scene: Scene): string | undefined {
  const missing = images.filter((role) => scene.image(role) === undefined).map((role) => `\`${role}.jpg\``);
  if (missing.length > 0) return `no picture ${missing.join(", ")} was given`;
  if (applications > (scene.applications ?? 1)) return "no API key of a second application was given";
  return undefined;
}

function createStage(scene: Scene, findings: Findings): Stage {
  const image = (role: ImageRole) => scene.image(role)!;
  const taken = new Set<string>();
  const subject = (operation: OperationKey, id: string) => ({
    operation,
    path: `${routes[operation].path}/${encodeURIComponent(id)}`,
  });
  return {
    nobody: "necidguid-0000-0000-0000-000000000000",
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
    claimStatus: (step, status, { because, blame } = {}) =>
      findings.claim({
        // A step that is to blame answered as it should; what it promised was not true.
        operation: blame?.operation ?? step.operation,
        status: blame?.status ?? status,
        location: step.location,
        instancePath: "status",
        holds: step.status === status,
        expected: because ? `${status}, because ${because}` : String(status),
        actual: String(step.status),
      }),
  };

  async function register(role: ImageRole, options: CallOptions = {}) {
    const purpose = `register ${role}${noteOf(options)}`;
    const { application = 1 } = options;
    const { made, id } = await scene.register({ face: image(role), application, purpose });
    const step = stepOf(made, "ApiSubjectsPost", purpose);
    const holds = step.status === 201 && id !== undefined;
    const actual = step.status === 201 ? "201 without an id" : String(step.status);
    claim(step, { instancePath: "status", holds, expected: "201 and an id", actual });
    if (!holds) throw new NotRegistered();
    claim(step, {
      instancePath: "body /id",
      holds: !taken.has(id),
      expected: idOfItsOwn,
      actual: "the same id",
    });
    taken.add(id);
    return { ...step, id };
  }

  async function call(
    words: string,
    options: CallOptions = {},
    planned: Pick<PlannedCall, "body"> & { operation: OperationKey; path?: string },
  ): Promise<Step> {
    const purpose = `${words}${noteOf(options)}`;
    const { operation } = planned;
    const { application } = options;
    const made = await scene.call({
      ...routes[operation],
      ...planned,
      ...(application && { application }),
      purpose,
    });
    return stepOf(made, operation, purpose);
  }

  function claim(step: Step, { blame, actual, ...rest }: StageClaim): boolean {
    const { operation, status } = blame ?? step;
    return findings.claim({
      operation,
      status,
      location: step.location,
      actual: withoutSecrets(actual, step.request),
      ...rest,
    });
  }
}

function noteOf({ note }: CallOptions): string {
  return note ? ` ${note}` : "";
}

function stepOf({ answer, request }: MadeCall, operation: OperationKey, location: string): Step {
  return { operation, location, status: answer.status, body: parsed(answer.body), request };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
