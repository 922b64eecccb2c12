import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Check, PlannedCall } from "../../verify/check.ts";
import { probeChecks } from "../../verify/gateway/probe-checks.ts";
import type { Send } from "../../verify/run/caller.ts";
import { type ExampleResponses, planResponses } from "../../verify/run/plan.ts";
import type { Preflight } from "../../verify/run/run.ts";
import type { Images } from "../../verify/run/session.ts";
import { schemaChecks } from "../../verify/schema/schema-checks.ts";
import { type LoadedContract, loadContract, type NecIdVersion } from "../contract.ts";
import { necIdSchemaCases } from "./schema-cases.ts";
import { sequenceChecks } from "./sequences/sequences.ts";

/** The generated contract as the verification reads it. */
export type VerificationContract = LoadedContract & {
  version: NecIdVersion;
  responses: ExampleResponses;
  /** JSON Pointer into the effective contract → `file:line:column` of the Swagger or overlay. */
  sources: Record<string, string>;
  /** The SHA-256 of `openapi.json`, hexadecimal. */
  sha256: string;
};

/** Loads the generated contract of a version of NEC ID, v1 unless another is given. */
export async function loadVerificationContract(version: NecIdVersion = "v1"): Promise<VerificationContract> {
  const directory = dirname(fileURLToPath(import.meta.resolve(`#generated/necid-${version}/openapi.json`)));
  const read = (name: string) => readFile(join(directory, name), "utf8");
  const [contract, responses, sources, text] = await Promise.all([
    loadContract({ version }),
    read("responses.json"),
    read("sources.json"),
    read("openapi.json"),
  ]);
  return {
    ...contract,
    version,
    responses: JSON.parse(responses).operations,
    sources: JSON.parse(sources),
    sha256: hash("sha256", text),
  };
}

/** The checks of NEC ID in the order they run, without those of its pacts. */
export function necIdChecks(
  { openapi, operations, validation, version }: VerificationContract,
  options: { sendsLargeBodies: boolean; failsOnRequest?: boolean },
): Check[] {
  const cases = necIdSchemaCases({ openapi, version, ...options });
  return [
    ...schemaChecks({ openapi, validation, cases }),
    ...probeChecks({ openapi, operations }),
    ...sequenceChecks(version),
  ];
}

export const necIdPreflight: Preflight = {
  open: {
    operation: "GET /health",
    method: "GET",
    path: "/health",
    signing: "none",
    purpose: "preflight without credentials",
  },
  signed: {
    operation: "ApiSubjectsByIdDelete",
    method: "DELETE",
    path: "/subjects/necidguid-0000-0000-0000-000000000000",
    purpose: "preflight with credentials: unregister an unknown subject",
  },
};

/** A path without the ids that are only known when a call is made. */
export function withoutIds(path: string): string {
  return path.replaceAll(/(necid|event|batch)guid-[0-9a-f-]+/g, "{id}");
}

/** Answers the calls of a plan as NEC ID would, including those with an unusable image. */
export function necIdPlanResponses(
  { responses, validation }: VerificationContract,
  images: Images,
  run: string,
): Send {
  const unusable = new Set([images("none", run), images("blurred", run)]);
  const refusals = ({ operation, body }: PlannedCall) => {
    const { face, probe, faces } = (body ?? {}) as Record<string, string | undefined>;
    if (unusable.has(face ?? probe ?? "")) return 400;
    return operation === "ApiFaceExtractPost" && faces === images("none", run) ? 404 : undefined;
  };
  return planResponses({ responses, validation, refusals });
}
