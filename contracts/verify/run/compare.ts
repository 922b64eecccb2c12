import type { MadeCall } from "../check.ts";
import { headerOf } from "../wire.ts";

/** One difference between the responses of two targets to the same call. */
export type TargetDifference = {
  operation: string;
  /** The purpose of the call. */
  purpose: string;
  /** `status`, `header content-type`, `body /attributes/faceRoll`. */
  instancePath: string;
  first: string;
  second: string;
};

/**
 * Compares the responses of two targets to the same calls, one by one, as far as the calls are the same: after a
 * registration that failed at one target, they are others. Values of numbers, ids and times may differ, but not the
 * type of a value.
 *
 * @param redact is applied to a text before it is shortened to its first line.
 */
export function compareCalls(
  first: MadeCall[],
  second: MadeCall[],
  redact: (text: string) => string = (text) => text,
): TargetDifference[] {
  const [one, other] = [first, second].map((calls) => calls.filter(({ planned }) => !planned.isBookkeeping));
  const differences: TargetDifference[] = [];
  for (const [index, made] of one!.entries()) {
    const counterpart = other![index];
    if (!counterpart || !isSameCall(made, counterpart)) break;
    differences.push(...compareResponses(made, counterpart, redact));
  }
  return unique(differences);
}

type Redact = (text: string) => string;

function isSameCall({ planned: one }: MadeCall, { planned: other }: MadeCall): boolean {
  return one.operation === other.operation && one.method === other.method && one.purpose === other.purpose;
}

function compareResponses(one: MadeCall, other: MadeCall, redact: Redact): TargetDifference[] {
  const { operation, purpose } = one.planned;
  const [a, b] = [comparableParts(one, redact), comparableParts(other, redact)];
  // The members of the other body say nothing more.
  const isNoJson = [a, b].some((parts) => parts.has("body"));
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((instancePath) => !isNoJson || !instancePath.startsWith("body "))
    .filter((instancePath) => a.get(instancePath) !== b.get(instancePath))
    .map((instancePath) => ({
      operation,
      purpose,
      instancePath,
      first: a.get(instancePath) ?? (instancePath === "body" ? "JSON" : "absent"),
      second: b.get(instancePath) ?? (instancePath === "body" ? "JSON" : "absent"),
    }));
}

/** The parts of a response that are compared, by instance path. */
function comparableParts({ response }: MadeCall, redact: Redact): Map<string, string> {
  const found = new Map([["status", String(response.status)]]);
  const header = (name: string) => headerOf(response, name);
  for (const name of ["content-type", "x-amzn-errortype"]) {
    const value = header(name);
    if (value !== undefined) found.set(`header ${name}`, value.toLowerCase().replaceAll(/\s/g, ""));
  }
  for (const name of ["x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"]) {
    if (header(name) !== undefined) found.set(`header ${name}`, "there");
  }
  for (const [name, value] of response.headers)
    if (name.startsWith("access-control-")) found.set(`header ${name}`, value);
  if (response.body.length === 0) return found.set("body", "empty");
  const text = response.body.toString();
  try {
    describe(JSON.parse(text), { pointer: "", found, redact });
  } catch {
    found.set("body", "no JSON");
  }
  return found;
}

function describe(
  value: unknown,
  { pointer, found, redact }: { pointer: string; found: Map<string, string>; redact: Redact },
): void {
  const inside = (name: string | number) => ({ pointer: `${pointer}/${name}`, found, redact });
  if (Array.isArray(value)) {
    found.set(`body ${pointer}`, "list");
    for (const item of value.slice(0, 1)) describe(item, inside(0));
  } else if (typeof value === "object" && value !== null) {
    found.set(`body ${pointer}`, `object of ${Object.keys(value).toSorted().join(", ")}`);
    for (const [name, item] of Object.entries(value)) describe(item, inside(name));
  } else {
    found.set(`body ${pointer}`, kindOf(value, redact));
  }
}

function kindOf(value: unknown, redact: Redact): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value !== "string") return String(value);
  const kind = textKinds.find(([, pattern]) => pattern.test(value));
  return kind ? kind[0] : `text ${JSON.stringify(withoutVariables(redact(value)))}`;
}

const textKinds: [name: string, pattern: RegExp][] = [
  ["number in text", /^-?\d+(\.\d+)?$/],
  ["id", /^[a-z]+guid-[0-9a-f-]+$/i],
];

/** The first line of a message, without what differs between calls. */
function withoutVariables(text: string): string {
  return text
    .split("\n")[0]!
    .replaceAll(/\d{8}T\d{6}Z/g, "<time>")
    .replaceAll(/\b\d{8}\b/g, "<day>")
    .replaceAll(/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=/g, "<hash>");
}

function unique(differences: TargetDifference[]): TargetDifference[] {
  const seen = new Map(
    differences.map((difference) => {
      const { operation, instancePath, first, second } = difference;
      return [JSON.stringify([operation, instancePath, first, second]), difference];
    }),
  );
  return [...seen.values()];
}
