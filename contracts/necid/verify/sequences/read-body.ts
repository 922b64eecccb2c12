import { redactName } from "../../../verify/redaction.ts";
import type { Step } from "./sequence.ts";

/** The parts of a response body that have the expected type. The schema checks report the others. */
export type StepBody = {
  id: string | undefined;
  score: number | undefined;
  candidates: Candidate[];
  /** Of the face in the request. */
  attributes: FaceAttributes | undefined;
  /** Of each face in the image. */
  faces: FaceAttributes[];
};
export type Candidate = { id: string; score: number };

/** The attributes of a face by JSON Pointer below `attributes`, e.g. `/faceArea/left`, in sorted order. */
export type FaceAttributes = Record<string, unknown>;

/** Reads the body of a step's response. */
export function readBody({ body }: Step): StepBody {
  const { id, score, candidates, attributes, faces } = (body ?? {}) as Record<string, unknown>;
  return {
    id: typeof id === "string" ? id : undefined,
    score: typeof score === "number" ? score : undefined,
    candidates: arrayOf(candidates).filter(isCandidate),
    attributes: attributes === undefined ? undefined : attributesOf(attributes),
    // The published Swagger has the attributes themselves as items. The schema checks report which form it is.
    faces: arrayOf(faces).map((face) => attributesOf((face as { attributes?: unknown })?.attributes ?? face)),
  };
}

function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isCandidate(value: unknown): value is Candidate {
  const { id, score } = (value ?? {}) as Record<string, unknown>;
  return typeof id === "string" && typeof score === "number";
}

function attributesOf(attributes: unknown): FaceAttributes {
  return Object.fromEntries(leaves(attributes, "").sort(([a], [b]) => (a < b ? -1 : 1)));
}

function leaves(value: unknown, pointer: string): [pointer: string, value: unknown][] {
  if (typeof value !== "object" || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${pointer}/${redactName(name)}`));
}
