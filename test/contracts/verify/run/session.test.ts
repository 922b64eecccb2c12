import { describe, expect, test } from "vitest";
import { cardImages } from "../../../../contracts/necid/verify/images.ts";
import { necIdRegistering } from "../../../../contracts/necid/verify/registering.ts";
import type { PlannedCall } from "../../../../contracts/verify/check.ts";
import { type Ledger, planLedger } from "../../../../contracts/verify/run/ledger.ts";
import {
  createSession,
  type RunSession,
  type SessionOptions,
} from "../../../../contracts/verify/run/session.ts";
import { NoResponseError, type ReceivedResponse } from "../../../../contracts/verify/wire.ts";
import { reply } from "./gate.ts";

type Respond = (planned: PlannedCall, number: number) => ReceivedResponse | NoResponseError;

/** A session whose responses come from the test, and the log of its calls. */
function openSession(respond: Respond, options: Partial<SessionOptions> = {}) {
  const log: string[] = [];
  const inner = options.ledger ?? planLedger();
  const ledger: Ledger = {
    ...inner,
    intend(registration) {
      log.push(`intend ${registration.role}`);
      inner.intend(registration);
    },
  };
  let number = 0;
  const session: RunSession = createSession({
    target: {
      baseUrl: "http://127.0.0.1:1/v1",
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "secret",
      apiKeys: ["one", "two"],
      region: "ap-southeast-2",
      service: "execute-api",
    },
    registering: necIdRegistering,
    targetName: "here",
    run: "run",
    images: cardImages,
    now: () => 0,
    signal: new AbortController().signal,
    send: async (_, { planned }) => {
      log.push(`${planned.method} ${planned.path}`);
      const response = respond(planned, ++number);
      if (response instanceof Error) throw response;
      return response;
    },
    ...options,
    ledger,
  });
  return { session, log, ledger };
}

const alice = cardImages("alice-1", "run")!;
const registerAlice = { face: alice, purpose: "register alice" };
const notFound = reply(404, "");
const extract = (purpose: string): PlannedCall => ({
  operation: "ApiFaceExtractPost",
  method: "POST",
  path: "/face/extract",
  purpose,
});
const remove: PlannedCall = {
  operation: "ApiSubjectsByIdDelete",
  method: "DELETE",
  path: "/subjects/x",
  purpose: "",
};
const found = (...candidates: [id: string, score: number][]) =>
  reply(200, JSON.stringify({ candidates: candidates.map(([id, score]) => ({ id, score })) }));

/** Responds by method and path. */
function by(table: Record<string, Respond>): Respond {
  return (planned, number) => table[`${planned.method} ${planned.path}`]!(planned, number);
}

test("who has the image already is searched once, and the ledger is written before a registration is sent", async () => {
  const { session, log, ledger } = openSession(
    by({
      "POST /face/search": () => notFound,
      "POST /subjects": (_, number) => reply(201, `{"id":"id-${number}"}`),
      "DELETE /subjects/id-2": () => reply(204, ""),
      "DELETE /subjects/id-3": () => reply(404, ""),
    }),
  );
  await session.register(registerAlice);
  await session.register(registerAlice);
  expect(ledger.open("here").map(({ id }) => id)).toEqual(["id-2", "id-3"]);
  expect(await session.settle()).toEqual([]);
  expect(log).toEqual([
    "POST /face/search",
    "intend alice-1",
    "POST /subjects",
    "intend alice-1",
    "POST /subjects",
    "DELETE /subjects/id-2",
    "DELETE /subjects/id-3",
  ]);
  expect([session.calls, session.registered]).toEqual([5, 2]);
});

test("a lost registration is the subject with exactly this image that did not have it before", async () => {
  const { session, log, ledger } = openSession(
    by({
      "POST /face/search": (_, number) =>
        number === 1 ? found(["old", 9999]) : found(["old", 9999], ["new", 9999], ["like", 9998]),
      "POST /subjects": () => new NoResponseError("ECONNRESET"),
      "DELETE /subjects/new": () => reply(204, ""),
    }),
  );
  await expect(session.register(registerAlice)).rejects.toMatchObject({ kind: "network" });
  expect(await session.settle()).toEqual([]);
  expect(ledger.open("here")).toEqual([]);
  expect(log.slice(-2)).toEqual(["POST /face/search", "DELETE /subjects/new"]);
});

const searches: [string, ReceivedResponse][] = [
  ["is refused", reply(403, '{"message":"Forbidden"}')],
  ["is answered with something else", reply(200, "null")],
  ["gives a list without candidates", reply(200, '{"candidates":[null, 1, {}]}')],
  [
    "gives as many as there may be",
    found(...Array.from({ length: 50 }, (_, n) => [`${n}`, 9999] as [string, number])),
  ],
];
test.each(searches)("no subject is unregistered if the search before it %s", async (_, before) => {
  const { session, log } = openSession(
    by({
      "POST /face/search": (_, number) => (number === 1 ? before : found(["somebody", 9999])),
      "POST /subjects": () => new NoResponseError("ECONNRESET"),
      "DELETE /subjects/somebody": () => reply(204, ""),
    }),
  );
  await expect(session.register(registerAlice)).rejects.toMatchObject({ kind: "network" });
  const left = await session.settle();
  // An empty list is complete: no subject had the image before.
  const isComplete = before.body.toString().includes("null,");
  expect(left.map(({ role }) => role)).toEqual(isComplete ? [] : ["alice-1"]);
  expect(log.includes("DELETE /subjects/somebody")).toBe(isComplete);
});

test("a search that fails leaves a lost registration in the ledger, and is searched once more at the end", async () => {
  let isUp = false;
  const { session, log } = openSession(
    by({
      "POST /face/search": (_, number) =>
        number === 1 ? notFound : isUp ? found(["new", 9999]) : reply(500, "{}"),
      "POST /subjects": () => reply(500, "{}"),
      "DELETE /subjects/new": () => reply(204, ""),
    }),
  );
  await session.register(registerAlice);
  expect(await session.settle()).toHaveLength(1);
  const calls = log.length;
  expect(await session.settle()).toHaveLength(1);
  expect(log).toHaveLength(calls);
  isUp = true;
  expect(await session.settle({ again: true })).toEqual([]);
});

test("a registration without an image is recorded too, and not searched", async () => {
  const { session, log, ledger } = openSession(() => new NoResponseError("ECONNRESET"));
  const planned = { ...necIdRegistering.register(""), body: {}, purpose: "no face" };
  await expect(session.call(planned)).rejects.toMatchObject({ kind: "network" });
  expect(ledger.open("here")).toMatchObject([{ role: "no picture" }]);
  expect(await session.settle()).toEqual([]);
  expect(log).toEqual(["intend no picture", "POST /subjects"]);
});

test("an image is found anywhere in a body, bytes included", async () => {
  const { session, log } = openSession((planned) =>
    planned.path === "/subjects" ? reply(400, "{}") : notFound,
  );
  const body = Buffer.from(`{"face":1,"face":"${alice}"`);
  await session.call({ ...necIdRegistering.register(""), body, purpose: "broken" });
  expect(log).toEqual(["POST /face/search", "intend alice-1", "POST /subjects"]);
});

test("an unregistration with an unexpected response counts if the next one gets a 404", async () => {
  const responses = [reply(200, "{}"), reply(404, "")];
  const { session } = openSession(
    by({
      "POST /face/search": () => notFound,
      "POST /subjects": () => reply(201, '{"id":"a"}'),
      "DELETE /subjects/a": () => responses.shift()!,
    }),
  );
  await session.register(registerAlice);
  expect(await session.settle()).toEqual([]);
});

describe("the limit of calls", () => {
  const respond = by({
    "POST /face/search": () => notFound,
    "POST /subjects": () => reply(201, '{"id":"a"}'),
    "POST /face/extract": () => reply(200, "{}"),
    "DELETE /subjects/a": () => reply(204, ""),
  });

  test.each([1, 2, 3])(
    "of %i leaves no room for a registration, which is then not made",
    async (maxCalls) => {
      const { session, log, ledger } = openSession(respond, { maxCalls });
      await expect(session.register(registerAlice)).rejects.toMatchObject({ kind: "budget" });
      expect(log).toEqual(["POST /face/search"]);
      expect(ledger.open("here")).toEqual([]);
    },
  );

  test("leaves enough calls to unregister what is registered", async () => {
    const { session, log } = openSession(respond, { maxCalls: 4 });
    await session.register(registerAlice);
    await session.call(extract("one more"));
    await expect(session.call(extract("one too many"))).rejects.toMatchObject({ kind: "budget" });
    expect(await session.settle()).toEqual([]);
    expect(log.at(-1)).toBe("DELETE /subjects/a");
    expect(session.calls).toBe(4);
  });
});

describe("a call without a response", () => {
  test("is repeated once if it is idempotent", async () => {
    const { session, log } = openSession((_, number) =>
      number === 1 ? new NoResponseError("ECONNRESET") : notFound,
    );
    expect((await session.call(remove)).response.status).toBe(404);
    expect(log).toHaveLength(2);
  });

  test.each([
    [remove, "TIMEOUT"],
    [extract(""), "ECONNRESET"],
  ])("is not made again: $method after $1", async (planned, code) => {
    const { session, log } = openSession(() => new NoResponseError(code));
    await expect(session.call(planned)).rejects.toThrow(
      `${planned.method} ${planned.path}: no response came (${code}). Check the address and the network.`,
    );
    expect(log).toHaveLength(1);
  });
});

test("an abort ends the calls, but what is registered is unregistered", async () => {
  const stop = new AbortController();
  const { session } = openSession(
    by({
      "POST /face/search": () => notFound,
      "POST /subjects": () => reply(201, '{"id":"a"}'),
      "DELETE /subjects/a": () => reply(204, ""),
    }),
    { signal: stop.signal },
  );
  await session.register(registerAlice);
  stop.abort();
  await expect(session.call(extract(""))).rejects.toMatchObject({ kind: "interrupted" });
  expect(await session.settle()).toEqual([]);
});

test("a throttled registration is repeated, and settled if waiting does not help", async () => {
  const throttled = reply(429, "{}", { "x-amzn-errortype": "TooManyRequestsException" });
  const { session, log } = openSession(
    by({
      "POST /face/search": () => notFound,
      "POST /subjects": (_, number) => (number === 2 ? throttled : reply(201, '{"id":"a"}')),
    }),
  );
  await session.register(registerAlice);
  expect(log.slice(1)).toEqual(["intend alice-1", "POST /subjects", "POST /subjects"]);

  const late = reply(429, "{}", { "retry-after": "31" });
  const other = openSession((planned) => (planned.path === "/subjects" ? late : notFound));
  await expect(other.session.register(registerAlice)).rejects.toMatchObject({ kind: "quota" });
  expect(other.ledger.open("here")).toEqual([]);
});

test("an exhausted quota ends the run at once", async () => {
  const { session, log } = openSession(() =>
    reply(429, "{}", { "x-amzn-errortype": "LimitExceededException" }),
  );
  await expect(session.call(extract(""))).rejects.toThrow(
    "POST /face/extract: the quota of the application is used up. Wait for the next period, or raise it.",
  );
  expect(log).toHaveLength(1);
});

test("ten failures in a row of different operations are an outage, of one operation they are not", async () => {
  const { session } = openSession(() => reply(503, ""));
  for (let time = 0; time < 20; time++) await session.call(extract(""));
  await expect(session.call(remove)).rejects.toMatchObject({ kind: "outage" });
});

test("failures are no outage while a call that worked before works again", async () => {
  const { session, log } = openSession(({ purpose }) => reply(purpose === "valid" ? 200 : 500, "{}"));
  await session.call(extract("valid"));
  for (let time = 0; time < 20; time++) await session.call(time % 2 ? remove : extract("invalid"));
  expect(log).toHaveLength(1 + 20 + 2);

  let isDown = false;
  const other = openSession(() => reply(isDown ? 500 : 200, "{}"));
  await other.session.call(extract("valid"));
  isDown = true;
  for (let time = 0; time < 9; time++) await other.session.call(extract("again"));
  await expect(other.session.call(remove)).rejects.toThrow(
    "The last 10 signed calls, to different operations, were answered with 500 or the like, and so was a call that worked before. The service is out of order; try later.",
  );
});

test("--rate limits the calls per second", async () => {
  const { session } = openSession(() => notFound, { rate: 50 });
  const started = performance.now();
  for (let time = 0; time < 4; time++) await session.call(remove);
  // Timers may end a millisecond early.
  expect(performance.now() - started).toBeGreaterThanOrEqual(55);
});
