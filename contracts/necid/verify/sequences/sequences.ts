import type { Check } from "../../../verify/check.ts";
import { galleries } from "./galleries.ts";
import { measuring } from "./measuring.ts";
import { searching } from "./searching.ts";
import { sequenceCheck } from "./sequence.ts";
import { subjects } from "./subjects.ts";
import { verifying } from "./verifying.ts";

/**
 * Makes the checks of what a single response cannot show: a subject exists from its registration until it is
 * unregistered, search and verify agree, attributes belong to the face that was sent. Where the correct value
 * is unknown, responses are compared with each other.
 */
export function sequenceChecks(): Check[] {
  return [...subjects, ...searching, ...verifying, ...measuring, ...galleries].map(sequenceCheck);
}
