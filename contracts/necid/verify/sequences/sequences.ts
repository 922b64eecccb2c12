import type { Check } from "../../../verify/check.ts";
import { galleries } from "./galleries.ts";
import { measuring } from "./measuring.ts";
import { searching } from "./searching.ts";
import { sequenceCheck } from "./sequence.ts";
import { subjects } from "./subjects.ts";
import { verifying } from "./verifying.ts";

/**
 * Makes the checks of what single answers cannot show: that a subject is there from its registration until
 * it is unregistered, that search and verify agree, that figures belong to the face sent. Where the right
 * figure is unknown, answers are compared with each other.
 *
 * Every picture that is registered goes through `Scene.register`; a check whose pictures the target lacks is
 * skipped.
 */
export function sequenceChecks(): Check[] {
  return [...subjects, ...searching, ...verifying, ...measuring, ...galleries].map(sequenceCheck);
}
