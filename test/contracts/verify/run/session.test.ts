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

type Answers = (planned: PlannedCall, number: number) => ReceivedResponse | NoResponseError;

/** A session whose calls are answered here, and what happened in it. */
function openSession(answers: Answers, options: Partial<SessionOptions> = {}) {
  const said: string[] = [];
  const inner = options.ledger ?? planLedger();
  const ledger: Ledger = {
    ...inner,
    intend(registration) {
      said.push(`intend ${registration.role}`);
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
      said.push(`${planned.method} ${planned.path}`);
      const response = answers(planned, ++number);
      if (response instanceof Error) throw response;
      return response;
    },
    ...options,
    ledger,
  });
  return { session, said, ledger };
}

const alice = cardImages("alice-1", "run")!;
const registerAlice = { face: alice, purpose: "register alice" };
const nobody = reply(404, "");
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

/** Answers by method and path. */
function by(table: Record<string, Answers>): Answers {
  return (planned, number) => table[`${planned.method} ${planned.path}`]!(planned, number);
}

test("who has the picture already is asked once, and the ledger is written before a registration is sent", async () => {
  const { session, said, ledger } = openSession(
    by({
      "POST /face/search": () => nobody,
      "POST /subjects": (_, number) => reply(201, `{"id":"id-${number}"}`),
      "DELETE /subjects/id-2": () => reply(204, ""),
      "DELETE /subjects/id-3": () => reply(404, ""),
    }),
  );
  await session.register(registerAlice);
  await session.register(registerAlice);
  expect(ledger.open("here").map(({ id }) => id)).toEqual(["id-2", "id-3"]);
  expect(await session.settle()).toEqual([]);
  expect(said).toEqual([
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

test("a lost registration is who has the picture now, had it not before, and looks exactly like it", async () => {
  const { session, said, ledger } = openSession(
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
  expect(said.slice(-2)).toEqual(["POST /face/search", "DELETE /subjects/new"]);
});

const silences: [string, ReceivedResponse][] = [
  ["is refused", reply(403, '{"message":"Forbidden"}')],
  ["is answered with something else", reply(200, "null")],
  ["gives a list without candidates", reply(200, '{"candidates":[null, 1, {}]}')],
  [
    "gives as many as there may be",
    found(...Array.from({ length: 50 }, (_, n) => [`${n}`, 9999] as [string, number])),
  ],
];
test.each(silences)(
  "nobody is unregistered when the search for who was there before %s",
  async (_, before) => {
    const { session, said } = openSession(
      by({
        "POST /face/search": (_, number) => (number === 1 ? before : found(["somebody", 9999])),
        "POST /subjects": () => new NoResponseError("ECONNRESET"),
        "DELETE /subjects/somebody": () => reply(204, ""),
      }),
    );
    await expect(session.register(registerAlice)).rejects.toMatchObject({ kind: "network" });
    const left = await session.settle();
    // A list of nobody tells that nobody was there.
    const tells = before.body.toString().includes("null,");
    expect(left.map(({ role }) => role)).toEqual(tells ? [] : ["alice-1"]);
    expect(said.includes("DELETE /subjects/somebody")).toBe(tells);
  },
);

test("a search that fails leaves a lost registration in the ledger, to be looked for once more at the end", async () => {
  let isUp = false;
  const { session, said } = openSession(
    by({
      "POST /face/search": (_, number) =>
        number === 1 ? nobody : isUp ? found(["new", 9999]) : reply(500, "{}"),
      "POST /subjects": () => reply(500, "{}"),
      "DELETE /subjects/new": () => reply(204, ""),
    }),
  );
  await session.register(registerAlice);
  expect(await session.settle()).toHaveLength(1);
  const calls = said.length;
  expect(await session.settle()).toHaveLength(1);
  expect(said).toHaveLength(calls);
  isUp = true;
  expect(await session.settle({ again: true })).toEqual([]);
});

test("a call without a picture is a registration too, and nothing to look for", async () => {
  const { session, said, ledger } = openSession(() => new NoResponseError("ECONNRESET"));
  const planned = { ...necIdRegistering.register(""), body: {}, purpose: "no face" };
  await expect(session.call(planned)).rejects.toMatchObject({ kind: "network" });
  expect(ledger.open("here")).toMatchObject([{ role: "no picture" }]);
  expect(await session.settle()).toEqual([]);
  expect(said).toEqual(["intend no picture", "POST /subjects"]);
});

test("a picture counts wherever it stands in a body, bytes included", async () => {
  const { session, said } = openSession((planned) =>
    planned.path === "/subjects" ? reply(400, "{}") : nobody,
  );
  const body = Buffer.from(`{"face":1,"face":"${alice}"`);
  await session.call({ ...necIdRegistering.register(""), body, purpose: "broken" });
  expect(said).toEqual(["POST /face/search", "intend alice-1", "POST /subjects"]);
});

test("an unregistration that is answered oddly counts if the next one finds nobody", async () => {
  const answers = [reply(200, "{}"), reply(404, "")];
  const { session } = openSession(
    by({
      "POST /face/search": () => nobody,
      "POST /subjects": () => reply(201, '{"id":"a"}'),
      "DELETE /subjects/a": () => answers.shift()!,
    }),
  );
  await session.register(registerAlice);
  expect(await session.settle()).toEqual([]);
});

describe("the limit of calls", () => {
  const answers = by({
    "POST /face/search": () => nobody,
    "POST /subjects": () => reply(201, '{"id":"a"}'),
    "POST /face/extract": () => reply(200, "{}"),
    "DELETE /subjects/a": () => reply(204, ""),
  });

  test.each([1, 2, 3])(
    "of %i leaves no room for a registration, which is then not made",
    async (maxCalls) => {
      const { session, said, ledger } = openSession(answers, { maxCalls });
      await expect(session.register(registerAlice)).rejects.toMatchObject({ kind: "budget" });
      expect(said).toEqual(["POST /face/search"]);
      expect(ledger.open("here")).toEqual([]);
    },
  );

  test("keeps room to undo what is registered", async () => {
    const { session, said } = openSession(answers, { maxCalls: 4 });
    await session.register(registerAlice);
    await session.call(extract("one more"));
    await expect(session.call(extract("one too many"))).rejects.toMatchObject({ kind: "budget" });
    expect(await session.settle()).toEqual([]);
    expect(said.at(-1)).toBe("DELETE /subjects/a");
    expect(session.calls).toBe(4);
  });
});

describe("a call that is not answered", () => {
  test("is made again once where that changes nothing more", async () => {
    const { session, said } = openSession((_, number) =>
      number === 1 ? new NoResponseError("ECONNRESET") : nobody,
    );
    expect((await session.call(remove)).response.status).toBe(404);
    expect(said).toHaveLength(2);
  });

  test.each([
    [remove, "TIMEOUT"],
    [extract(""), "ECONNRESET"],
  ])("is not made again: $method after $1", async (planned, code) => {
    const { session, said } = openSession(() => new NoResponseError(code));
    await expect(session.call(planned)).rejects.toThrow(
      `${planned.method} ${planned.path}: no response came (${code}). Check the address and the network.`,
    );
    expect(said).toHaveLength(1);
  });
});

test("an abort ends the calls, and not the tidying up", async () => {
  const stop = new AbortController();
  const { session } = openSession(
    by({
      "POST /face/search": () => nobody,
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

test("a throttled registration is made again, and known to be none when waiting does not help", async () => {
  const throttled = reply(429, "{}", { "x-amzn-errortype": "TooManyRequestsException" });
  const { session, said } = openSession(
    by({
      "POST /face/search": () => nobody,
      "POST /subjects": (_, number) => (number === 2 ? throttled : reply(201, '{"id":"a"}')),
    }),
  );
  await session.register(registerAlice);
  expect(said.slice(1)).toEqual(["intend alice-1", "POST /subjects", "POST /subjects"]);

  const late = reply(429, "{}", { "retry-after": "31" });
  const other = openSession((planned) => (planned.path === "/subjects" ? late : nobody));
  await expect(other.session.register(registerAlice)).rejects.toMatchObject({ kind: "quota" });
  expect(other.ledger.open("here")).toEqual([]);
});

test("a used up quota is not waited for", async () => {
  const { session, said } = openSession(() =>
    reply(429, "{}", { "x-amzn-errortype": "LimitExceededException" }),
  );
  await expect(session.call(extract(""))).rejects.toThrow(
    "POST /face/extract: the quota of the application is used up. Wait for the next period, or raise it.",
  );
  expect(said).toHaveLength(1);
});

test("ten failures of different operations in a row are an outage; of one operation, its own matter", async () => {
  const { session } = openSession(() => reply(503, ""));
  for (let time = 0; time < 20; time++) await session.call(extract(""));
  await expect(session.call(remove)).rejects.toMatchObject({ kind: "outage" });
});

test("--rate keeps calls apart", async () => {
  const { session } = openSession(() => nobody, { rate: 50 });
  const started = performance.now();
  for (let time = 0; time < 4; time++) await session.call(remove);
  // Timers may end a millisecond early.
  expect(performance.now() - started).toBeGreaterThanOrEqual(55);
});
