import { oneOf, positiveNumber, wholeNumber } from "./reader/options.ts";
import type { Option, OptionValues } from "./reader/program.ts";
import { scopeOptions } from "./spec-options.ts";

export const options = {
  target: {
    argument: "who",
    description: "mock (started here), live (the contract's own server), or a base URL",
    required: true,
    unless: "states",
  },
  contract: {
    argument: "version",
    description: "the version of the contract (default: that of the base URL's path, else v1)",
    choices: ["v1", "v1.1"],
  },
  plan: { description: "print every call that would be made, and make none" },
  maxCalls: {
    argument: "number",
    description: "hard limit of calls; a live target wants one, or a yes on the terminal",
    parse: wholeNumber({ from: 1 }),
  },
  yes: { description: "make the calls of the plan, and no more, without asking" },
  ...scopeOptions,
  allowInsecure: { description: "take http beyond this machine too: keys and faces are sent unencrypted" },
  rate: { argument: "number", description: "calls a second at most", parse: positiveNumber },
  faces: {
    argument: "dir",
    description: "pictures of consenting people by role: alice-1.jpg, alice-2.jpg, bob.jpg, group.jpg, …",
  },
  accept: {
    argument: "file",
    description: "JSON list of deviations that are accepted with a reason and an expiry date",
  },
  pact: {
    argument: "source",
    description: "a consumer team's pact: file, folder or URL (repeatable)",
    repeatable: true,
  },
  states: { description: "print the provider states that a pact may name, and call nobody" },
  strict: { description: "a pact without an interaction is an error" },
  report: { argument: "dir", description: "write report.json, junit.xml and report.html" },
  part: {
    argument: "name",
    description: "schema, probe, sequence or pact only (repeatable)",
    repeatable: true,
    parse: oneOf(["schema", "probe", "sequence", "pact"]),
  },
  clean: {
    description: "only unregister what an earlier, killed run left behind",
    conflicts: ["plan", "compare", "accept", "report"],
  },
  compare: {
    argument: "who",
    description: "make the same calls to the mock and list where it answers otherwise",
    choices: ["mock"],
    conflicts: ["plan", "accept"],
  },
  ledger: {
    argument: "file",
    description: "where registrations are written down before they are made",
    default: ".necid/ledger.jsonl",
  },
  timeout: { argument: "seconds", description: "for each call", default: 30, parse: positiveNumber },
} as const satisfies Record<string, Option>;

export type VerifyCommand = OptionValues<typeof options>;

/** The command was given something it cannot work with. */
export class VerifyCommandError extends Error {
  readonly code = "VERIFY_COMMAND";

  constructor(message: string) {
    super(message);
    this.name = "VerifyCommandError";
  }
}
