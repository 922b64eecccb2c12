import type { PlannedCall } from "../../../contracts/verify/check.ts";
import type { ReceivedResponse } from "../../../contracts/verify/wire.ts";
import type { Alter } from "./proxy.ts";

/** A provider that breaks one promise, and whose promise it is. */
export type Mutant = {
  /** `<class>/<a few words>`. */
  id: string;
  class: MutantClass;
  /** The key of the operation that no longer keeps its promise. */
  operation: string;
  title: string;
  /** Begins anew for each run: some mutants remember. */
  open(): Alter;
};

export const mutantClasses = [
  "types",
  "presence",
  "values",
  "arrays",
  "status codes",
  "headers and bytes",
  "gateway",
  "request rules",
  "state",
] as const;
export type MutantClass = (typeof mutantClasses)[number];

export const register = "ApiSubjectsPost";
export const update = "ApiSubjectsByIdPut";
export const unregister = "ApiSubjectsByIdDelete";
export const extract = "ApiFaceExtractPost";
export const search = "ApiFaceSearchPost";
export const verify = "ApiFaceVerifyPost";
export const health = "GET /health";

/** One operation, what is wrong with it, and how: `[operation, id, title, alter]`. */
export type Row = [operation: string, id: string, title: string, alter: Alter];

/** Makes mutants of rows. Each alters the calls of its own operation and lets the others pass. */
export function mutantsOf(name: MutantClass, rows: Row[]): Mutant[] {
  return rows.map(([operation, id, title, alter]) => ({
    id: `${name.replaceAll(" ", "-")}/${id}`,
    class: name,
    operation,
    title,
    open: () => (passage) => (passage.planned.operation === operation ? alter(passage) : passage.send()),
  }));
}

/** What becomes of one response. */
export type Change = (response: ReceivedResponse, planned: PlannedCall) => ReceivedResponse;

/** Changes the responses of one status. */
export function on(status: number, change: Change): Alter {
  return async ({ planned, send }) => {
    const response = await send();
    return response.status === status ? change(response, planned) : response;
  };
}

/** Changes one value of a JSON body, at a pointer with `*` for every item; `undefined` takes it away. */
export function at(pointer: string, change: unknown | ((value: never) => unknown)): Change {
  const tokens = pointer.split("/").slice(1);
  const changed = (typeof change === "function" ? change : () => change) as (value: unknown) => unknown;
  return (response) =>
    withBody(response, JSON.stringify(valueChanged(JSON.parse(String(response.body)), tokens, changed)));
}

function valueChanged(value: unknown, tokens: string[], change: (value: unknown) => unknown): unknown {
  const [token, ...rest] = tokens;
  if (token === undefined) return change(value);
  if (Array.isArray(value)) {
    const meant = (place: number) => token === "*" || token === String(place);
    return value.map((item, place) => (meant(place) ? valueChanged(item, rest, change) : item));
  }
  if (typeof value !== "object" || value === null) return value;
  return { ...value, [token]: valueChanged((value as Record<string, unknown>)[token], rest, change) };
}

/** The same response with other bytes. */
export function withBody(response: ReceivedResponse, body: string | Buffer): ReceivedResponse {
  const bytes = Buffer.from(body as string);
  return withHeader({ ...response, body: bytes }, "content-length", String(bytes.length));
}

/** The same response with a header replaced or, without a value, taken away. */
export function withHeader(response: ReceivedResponse, name: string, value?: string): ReceivedResponse {
  const others = response.headers.filter(([known]) => known !== name);
  return { ...response, headers: value === undefined ? others : [...others, [name, value]] };
}

/** The same response with a JSON body, or with none. */
export function answered(response: ReceivedResponse, status: number, body?: unknown): ReceivedResponse {
  if (body === undefined) return withHeader({ ...withBody(response, ""), status }, "content-type");
  return withHeader(
    { ...withBody(response, JSON.stringify(body)), status },
    "content-type",
    "application/json",
  );
}

/** The JSON of a response of the service, `undefined` where it is none. */
export function jsonOf({ body }: ReceivedResponse): Record<string, unknown> | undefined {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}
