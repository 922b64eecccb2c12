import { setTimeout as wait } from "node:timers/promises";
import { face } from "../../../contracts/necid/faces/faces.ts";
import type { PlannedCall } from "../../../contracts/verify/check.ts";
import type { ReceivedResponse } from "../../../contracts/verify/wire.ts";
import { answered, at, jsonOf, register, search, verify, withBody, withHeader } from "./mutant.ts";
import type { Alter, Writing } from "./proxy.ts";

/** A provider that is another one and still keeps every promise. */
export type Control = {
  /** `controls/<a few words>`. */
  id: string;
  title: string;
  open(): Alter;
  /** What only shows on the wire. */
  writing?: Writing;
};

/** Providers that must not be found guilty. */
export const controls: Control[] = [
  control(
    "key-order",
    "the keys stand in another order",
    json((value) => JSON.stringify(reversed(value))),
  ),
  control(
    "white-space",
    "the JSON is indented",
    json((value) => `${JSON.stringify(value, null, 2)}\n`),
  ),
  control(
    "escapes",
    "text is written with escapes",
    json((value) => JSON.stringify(value).replaceAll("e", "\\u0065")),
  ),
  control("charset", "the media type names UTF-8", (response) =>
    isJson(response) ? withHeader(response, "content-type", "application/json; charset=utf-8") : response,
  ),
  control("headers", "there are more headers", (response) =>
    Object.entries(surplus).reduce((one, [name, value]) => withHeader(one, name, value), response),
  ),
  control("no-connection-headers", "there are fewer headers of the connection", (response) =>
    withHeader(withHeader(response, "connection"), "keep-alive"),
  ),
  control("messages", "errors without a documented wording are worded otherwise", (response, planned) =>
    /"(NoFace|PoorQuality)"/.test(String(response.body))
      ? at("/message", "This picture cannot be used.")(response, planned)
      : response,
  ),
  control("decimals", "decimals are written longer", (response) =>
    isJson(response) ? withBody(response, longerDecimals(String(response.body))) : response,
  ),
  { id: "controls/ids", title: "ids are written in upper case", open: () => otherIds },
  { id: "controls/scores", title: "scores of the same person are lower", open: () => otherScores },
  { id: "controls/neighbours", title: "others are registered too", open: neighbours },
  { id: "controls/slower", title: "answers take longer", open: () => slower },
  {
    ...control("header-case", "header names are in upper case", (response) => response),
    writing: { headerCase: "upper" },
  },
  { ...control("chunked", "bodies come in chunks", (response) => response), writing: { chunked: true } },
];

type ResponseChange = (response: ReceivedResponse, planned: PlannedCall) => ReceivedResponse;

function control(id: string, title: string, change: ResponseChange): Control {
  return {
    id: `controls/${id}`,
    title,
    open:
      () =>
      async ({ planned, send }) =>
        change(await send(), planned),
  };
}

/** The service's own JSON; what the gateway says is promised to the byte. */
function json(written: (value: unknown) => string): ResponseChange {
  return (response) =>
    isJson(response) && response.status !== 403 ? withBody(response, written(jsonOf(response))) : response;
}

function isJson({ headers, body }: ReceivedResponse): boolean {
  return body.length > 0 && headers.some(([name, value]) => name === "content-type" && /json/.test(value));
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, reversed(inner)])
      .reverse(),
  );
}

const surplus = {
  via: "1.1 0123456789abcdef.cloudfront.net (CloudFront)",
  "x-amzn-trace-id": "Root=1-5b75b7a5-0123456789abcdef01234567",
  "x-cache": "Miss from cloudfront",
  "strict-transport-security": "max-age=63072000",
};

function longerDecimals(body: string): string {
  return body.replaceAll(/"(-?\d+\.\d+)"/g, '"$10"');
}

const lastDigits = /(?<=necidguid-)[0-9a-f-]{23}/gi;

const otherIds: Alter = async ({ planned, send }) => {
  const { path, body } = planned;
  const isOurs = body !== undefined && !Buffer.isBuffer(body) && planned.signing !== "tampered body";
  const response = await send({
    ...(planned.signing === undefined && {
      path: path.replaceAll(lastDigits, (digits) => digits.toLowerCase()),
    }),
    ...(isOurs && {
      body: JSON.parse(JSON.stringify(body).replaceAll(lastDigits, (digits) => digits.toLowerCase())),
    }),
  });
  // A refusal repeats the path as it was sent.
  if (!isJson(response) || response.status === 403) return response;
  return withBody(
    response,
    String(response.body).replaceAll(lastDigits, (digits) => digits.toUpperCase()),
  );
};

/** Half as far above the default threshold: the same order, and the same people above and below it. */
const lower = (score: number) => (score < 7000 ? score : 7000 + Math.floor((score - 7000) / 2));
const original = (score: number) => (score <= 7000 ? score : Math.min(9999, 7000 + (score - 7000) * 2));

type Candidate = { id: string; score: number };

const otherScores: Alter = async ({ planned, send }) => {
  const { operation, body } = planned;
  if (operation === verify) {
    const response = await send();
    return response.status === 200 ? at("/score", lower)(response, planned) : response;
  }
  if (operation !== search || planned.signing !== undefined) return send();
  const { threshold } = (body ?? {}) as { threshold?: number };
  const isAsked = Number.isInteger(threshold) && threshold! >= 0 && threshold! <= 9999;
  const response = await send(
    isAsked ? { body: { ...(body as object), threshold: original(threshold!) } } : undefined,
  );
  if (response.status !== 200) return response;
  const { candidates } = jsonOf(response) as { candidates: Candidate[] };
  const left = candidates
    .map(({ id, score }) => ({ id, score: lower(score) }))
    .filter(({ score }) => score >= (threshold ?? 7000));
  return left.length > 0 ? at("/candidates", left)(response, planned) : answered(response, 404);
};

/** The gallery is shared: before our first call somebody else registers two people. */
function neighbours(): Alter {
  let moved: Promise<unknown> | undefined;
  return async ({ send }) => {
    moved ??= (async () => {
      for (const name of ["dora", "emil"])
        await send({
          operation: register,
          method: "POST",
          path: "/subjects",
          body: { face: face(`neighbour-${name}`) },
          headers: undefined,
          signing: "good",
        });
    })();
    await moved;
    return send();
  };
}

const slower: Alter = async ({ send }) => {
  await wait(2);
  return send();
};
