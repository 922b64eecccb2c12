import { expect, test } from "vitest";
import { createClient } from "../../../contracts/necid/client.ts";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { HttpRequest } from "../../../mocks/http/request.ts";
import { startMock } from "../../../mocks/mock.ts";
import { loadNecIdContract } from "../../../mocks/necid/contract.ts";
import { createJournal, type RecordedCall } from "../../../mocks/world/journal.ts";
import { imageProperties } from "../../../mocks/world/redact.ts";

const { openapi } = await loadNecIdContract();
const images = imageProperties(openapi);
const operation = readOperations(openapi).find(({ key }) => key === "ApiSubjectsPost")!;

function call(
  given: Partial<RecordedCall> & { sent?: string; target?: string; headers?: string[] } = {},
): RecordedCall {
  const { sent = "", target = "/v1/subjects", headers = [], ...rest } = given;
  return {
    request: new HttpRequest({ method: "POST", target, rawHeaders: headers, body: Buffer.from(sent) }),
    at: Date.UTC(2026, 10, 23, 3),
    ms: 0.25,
    response: { status: 201, headers: {}, body: undefined },
    ...rest,
  };
}

test("an entry shows the whole call, and no secret of it", () => {
  const journal = createJournal({ images });
  const body = { face: "YWxpY2U=", more: 1 };
  const headers = [
    ["Host", "127.0.0.1:4010"],
    ["Authorization", "AWS4-HMAC-SHA256 canary"],
    ["X-Api-Key", "canary"],
    ["X-Amz-Security-Token", "canary"],
    ["Cookie", "canary"],
    ["Content-Type", "application/json"],
    ["User-Agent", "curl/8"],
  ].flat();
  journal.record(
    call({
      operation,
      application: 2,
      headers,
      target: "/v1/subjects?X-Amz-Signature=canary&a=canary&a=2",
      sent: JSON.stringify(body),
      body,
      response: { status: 400, headers: { "Content-Type": "application/json" }, body: '{"message":"no"}' },
      note: "body: no",
      faults: ["fault-1"],
    }),
  );
  expect(journal.list()).toEqual([
    {
      id: 1,
      time: "2026-11-23T03:00:00.000Z",
      method: "POST",
      path: "/v1/subjects",
      operation: "ApiSubjectsPost",
      application: 2,
      status: 400,
      ms: 0.25,
      request: {
        query: ["X-Amz-Signature", "a"],
        headers: { host: "127.0.0.1:4010", "content-type": "application/json", "user-agent": "curl/8" },
        body: {
          face: { sha256: "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90", bytes: 5 },
          more: 1,
        },
      },
      response: { headers: { "Content-Type": "application/json" }, body: { message: "no" } },
      note: "body: no",
      faults: ["fault-1"],
    },
  ]);
});

test("an entry of an unknown call shows no more than there is", () => {
  const journal = createJournal();
  journal.record(call());
  expect(journal.list()).toEqual([
    {
      id: 1,
      time: "2026-11-23T03:00:00.000Z",
      method: "POST",
      path: "/v1/subjects",
      status: 201,
      ms: 0.25,
      request: { query: [], headers: {} },
      response: { headers: {} },
      faults: [],
    },
  ]);
});

test("a body that was not read as JSON is a hash and a size", () => {
  const journal = createJournal({ images });
  journal.record(call({ operation, sent: "alice" }));
  journal.record(call({ operation, sent: "alice", body: "alice" }));
  const alice = { sha256: "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90", bytes: 5 };
  expect(journal.list().map(({ request }) => request.body)).toEqual([alice, alice]);
});

test("an image is shown nowhere: not in a path, a query, a header, a note or a response", () => {
  const image = Buffer.alloc(69, "canary").toString("base64");
  const journal = createJournal({ images });
  journal.record(
    call({
      operation,
      target: `/v1/subjects/${image}?${image}=${image}`,
      headers: ["User-Agent", image, "Content-Type", `image/png; a=${image}`],
      sent: image,
      body: { [image]: image },
      response: {
        status: 400,
        headers: {},
        body: JSON.stringify({ message: `${image} property is not known.` }),
      },
      note: `body.${image}: must be provided`,
    }),
  );
  journal.record(call({ sent: image, response: { status: 400, headers: {}, body: image } }));
  journal.record(call({ sent: image, response: { status: 400, headers: {}, body: Buffer.from(image) } }));
  expect(JSON.stringify(journal.list())).not.toContain(image.slice(0, 40));
});

test("a path is shown with its ids, and without what is no id", () => {
  const journal = createJournal();
  const events =
    "/v1.1/subjects/necidguid-fcdf-49eb-9182-5a6825ed2a3b/events/eventguid-fcdf-49eb-9182-5a6825ed2a3b";
  const strange = `/v1/subjects/${"a".repeat(80)}`;
  for (const target of [events, strange]) {
    journal.record(call({ operation, target }));
    journal.record(call({ target }));
  }
  expect(journal.list().map(({ path }) => path)).toEqual([
    events,
    "(left out)",
    "/v1/subjects/(left out)",
    "(left out)",
  ]);
});

test("a refused signature's entry has no key and no signature, though the response repeats the request", async () => {
  const mock = await startMock();
  const secret = "canary-0123456789";
  const refused = createClient({
    ...mock.credentials,
    secretAccessKey: secret,
    apiKey: secret,
    baseUrl: mock.url,
  });
  const { error, response } = await refused.operations.ApiSubjectsPost({ body: { face: "YWxpY2U=" } });
  const listed = mock.journal.list();
  expect({ status: response.status, entries: listed.length }).toEqual({ status: 403, entries: 1 });
  expect(JSON.stringify(error)).toContain(`x-api-key:${secret}`);
  expect(JSON.stringify(listed)).not.toMatch(/canary|YWxpY2U=|Signature=/);
  await mock.close();
});

test("the last calls are kept, oldest first, and found by operation, status and id", () => {
  const journal = createJournal({ limit: 4 });
  const deletion = readOperations(openapi).find(({ key }) => key === "ApiSubjectsByIdDelete")!;
  for (let index = 1; index <= 6; index++) {
    const response = { status: 200 + index, headers: {}, body: undefined };
    journal.record(call({ operation: index % 2 ? operation : deletion, response }));
  }
  const ids = (filter?: Parameters<typeof journal.list>[0]) => journal.list(filter).map(({ id }) => id);
  expect({
    size: journal.size,
    all: ids(),
    operation: ids({ operationId: "ApiSubjectsPost" }),
    status: ids({ status: 204 }),
    since: ids({ since: 4 }),
    together: ids({ operationId: "ApiSubjectsPost", since: 3 }),
    none: ids({ status: 201 }),
    later: ids({ since: 6 }),
  }).toEqual({
    size: 4,
    all: [3, 4, 5, 6],
    operation: [3, 5],
    status: [4],
    since: [5, 6],
    together: [5],
    none: [],
    later: [],
  });
  journal.clear();
  expect([journal.size, journal.list()]).toEqual([0, []]);
  journal.record(call());
  expect(ids()).toEqual([1]);
});

test("who changes an entry changes nobody else's", () => {
  const journal = createJournal();
  journal.record(
    call({ sent: "{}", body: { a: 1 }, response: { status: 200, headers: { a: "b" }, body: "[1]" } }),
  );
  const before = structuredClone(journal.list());
  const [entry] = journal.list();
  entry!.faults.push("x");
  entry!.response.headers.a = "c";
  (entry!.request.body as { a: number }).a = 2;
  expect(journal.list()).toEqual(before);
});

test("a full journal of large bodies stays small", () => {
  const journal = createJournal();
  const large = Buffer.alloc(100_000, "a").toString();
  const many = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [`name ${index}`, "b".repeat(90)]),
  );
  for (let index = 0; index < 1_000; index++) {
    journal.record(
      call({
        operation,
        sent: large,
        body: { face: large, many },
        response: { status: 200, headers: {}, body: large },
        note: large,
      }),
    );
  }
  expect(JSON.stringify(journal.list()).length).toBeLessThan(12_000_000);
}, 60_000);
