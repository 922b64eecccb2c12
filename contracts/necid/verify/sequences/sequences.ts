import type { Check } from "../../../verify/check.ts";
import type { NecIdVersion } from "../../contract.ts";
import { galleries } from "./galleries.ts";
import { measuring } from "./measuring.ts";
import { searching } from "./searching.ts";
import { sequenceCheck } from "./sequence.ts";
import { subjects } from "./subjects.ts";
import { v11SequenceChecks } from "./v1.1.ts";
import { verifying } from "./verifying.ts";

/**
 * Makes the checks of what a single response cannot show: a subject exists from its registration until it is
 * unregistered, search and verify agree, attributes belong to the face that was sent. Where the correct value
 * is unknown, responses are compared with each other.
 */
export function sequenceChecks(version: NecIdVersion = "v1"): Check[] {
  const shared = [...subjects, ...searching, ...verifying, ...measuring, ...galleries];
  if (version === "v1") return shared.map(sequenceCheck);
  const kept = shared.filter(({ id }) => !onlyInV1.has(id));
  return [...kept.map(sequenceCheck), ...v11SequenceChecks()];
}

/** In v1.1 extract has a limit, and a sequence of its own. */
const onlyInV1 = new Set(["extract-stops-at-twenty"]);
