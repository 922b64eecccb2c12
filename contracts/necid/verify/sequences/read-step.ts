import { shownName } from "../../../verify/shown-value.ts";
import type { Step } from "./sequence.ts";

/** What an answer says, as far as it has the form; whether it has, is the schema's matter. */
export type Reading = {
  id: string | undefined;
  score: number | undefined;
  candidates: Candidate[];
  /** Of the one face sent. */
  attributes: Figures | undefined;
  /** Of each face found. */
  faces: Figures[];
};
export type Candidate = { id: string; score: number };

/** The figures of a face by their place below `attributes`, e.g. `/faceArea/left`; sorted by it. */
export type Figures = Record<string, unknown>;

/** Reads the body of a step's answer. */
export function readStep({ body }: Step): Reading {
  const { id, score, candidates, attributes, faces } = (body ?? {}) as Record<string, unknown>;
  return {
    id: typeof id === "string" ? id : undefined,
    score: typeof score === "number" ? score : undefined,
    candidates: listed(candidates).filter(isCandidate),
    attributes: attributes === undefined ? undefined : figuresOf(attributes),
    // Published as the attributes themselves; which of the two it is, is the schema's matter.
    faces: listed(faces).map((face) => figuresOf((face as { attributes?: unknown })?.attributes ?? face)),
  };
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isCandidate(value: unknown): value is Candidate {
  const { id, score } = (value ?? {}) as Record<string, unknown>;
  return typeof id === "string" && typeof score === "number";
}

function figuresOf(attributes: unknown): Figures {
  return Object.fromEntries(leaves(attributes, "").sort(([a], [b]) => (a < b ? -1 : 1)));
}

function leaves(value: unknown, pointer: string): [pointer: string, value: unknown][] {
  if (typeof value !== "object" || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${pointer}/${shownName(name)}`));
}
