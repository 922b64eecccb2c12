import { afterAll, beforeAll, expect, test } from "vitest";
import openapi from "#generated/necid-v1.1/openapi.json" with { type: "json" };
import { createClient } from "../../../contracts/necid/client-v1.1.ts";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { type Operation, readOperations } from "../../../contracts/openapi/operations.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";
import type { CoveredResponse } from "../../../mocks/world/coverage.ts";

/** Every response that v1.1 documents is given: by what the service does, by the gateway, or as a fault. */

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ selfCheck: true, auth: "strict" });
});
afterAll(() => mock.close());

const client = (options: Partial<Parameters<typeof createClient>[0]> = {}) =>
  createClient({
    ...mock.credentials,
    apiKey: mock.apiKeys[0]!,
    baseUrl: mock.urls["necid-v1.1"],
    fetch: mock.fetch,
    clock: () => mock.clock.now(),
    retries: 0,
    ...options,
  });

const operations = readOperations(openapi);
const isOurs = ({ contract }: CoveredResponse) => contract === "necid-v1.1";
const missing = () =>
  mock.coverage.report().filter((each) => isOurs(each) && each.documented && each.calls === 0);
const words = ({ operation, status, errorType = "" }: CoveredResponse) =>
  `${operation} ${status} ${errorType}`.trim();

/** A valid call of each operation, for what does not depend on it. */
const paths: Record<string, string> = {
  subjectId: "necidguid-0000-0000-0000-000000000000",
  eventId: "eventguid-0000-0000-0000-000000000000",
  name: "visitor",
  batchId: "batchguid-0000-0000-0000-000000000000",
  pagingId: "1000",
};
const bodies: Record<string, object> = {
  ApiSubjectsPost: { face: face("alice") },
  ApiSubjectsByIdPut: { face: face("alice") },
  ApiSubjectsByIdEventsPost: { face: face("alice") },
  ApiSubjectsByIdEventByIdPut: { face: face("alice") },
  UpdateTag: { newName: "guest" },
  BulkRegister: { registrations: [{ filename: "none.jpg" }] },
  ApiFaceExtractPost: { faces: face("alice") },
  ApiFaceSearchPost: { probe: face("alice") },
  ApiFaceVerifyPost: { probe: face("alice"), id: paths.subjectId! },
};

type Options = { body?: unknown; headers?: Record<string, string>; by?: ReturnType<typeof client> };

function call(operation: Operation, { body, headers, by = client() }: Options = {}) {
  const request = by[operation.method as "POST"] as (path: string, options: object) => Promise<unknown>;
  return request(operation.path, {
    params: { path: paths },
    ...(operation.takesBody && { body: body ?? bodies[operation.key] }),
    headers,
  });
}

const signed = operations.filter((operation) => operation.signed);
test("the service gives its own responses by what it does", async () => {
  const { operations: on, GET } = client();
  const tag = (name: string) => ({ params: { path: { name } } });
  // Nothing is there.
  for (const operation of signed) await call(operation);
  await on.DeleteTag(tag("visitor"));
  await on.DeleteTag(tag("guest"));
  await on.ApiFaceExtractPost({ body: { faces: face("none") } });
  await on.ApiFaceSearchPost({ body: { probe: face("stranger"), threshold: 9999 } });
  // Everything is there.
  await on.CreateTag(tag("visitor"));
  await on.CreateTag(tag("guest"));
  await on.CreateTag(tag("visitor"));
  await on.UpdateTag({ ...tag("visitor"), body: { newName: "guest" } });
  await on.UpdateTag({ ...tag("visitor"), body: { newName: "staff" } });
  await on.DeleteTag(tag("staff"));
  await on.Get();
  const { data } = await on.ApiSubjectsPost({ body: { face: face("alice") } });
  const subject = { path: { subjectId: data!.id } };
  const event = { path: { ...subject.path, eventId: data!.eventId } };
  await on.ApiSubjectsGet();
  await on.ApiSubjectsByIdPut({ params: subject, body: { face: face("alice?photo=2") } });
  await on.ApiSubjectsByIdEventsPost({ params: subject, body: { face: face("alice?photo=3") } });
  await on.ApiSubjectsByIdEventsGet({ params: subject });
  await on.ApiSubjectsByIdEventByIdPut({ params: event, body: { face: face("alice?photo=4") } });
  await on.ApiFaceSearchPost({ body: { probe: face("alice") } });
  await on.ApiFaceVerifyPost({ body: { probe: face("alice"), id: data!.id } });
  await on.ApiSubjectsByIdEventByIdDelete({ params: event });
  await on.ApiSubjectsByIdDelete({ params: subject });
  const job = await on.BulkRegister({
    body: { registrations: Array.from({ length: 1001 }, () => ({ filename: "none.jpg" })) },
  });
  const { batchId } = job.data!;
  await on.GetBulkRegisterProgress({ params: { path: { batchId } } });
  await on.GetBulkRegisterProgressPaged({ params: { path: { batchId, pagingId: "1000" } } });
  await GET("/health");
  for (const { method, path } of operations.filter((each) => each.method === "OPTIONS")) {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => paths[name]!);
    await mock.fetch(`${mock.urls["necid-v1.1"]}${filled}`, { method });
  }
  // Each request that is wrong, and each picture that is.
  for (const operation of signed.filter(({ takesBody }) => takesBody)) {
    await call(operation, { body: {} });
    for (const list of ["none", "alice?quality=0.2", "alice;bob"]) {
      const body = Object.fromEntries(
        Object.entries(bodies[operation.key]!).map(([name, value]) => [
          name,
          ["face", "faces", "probe"].includes(name) ? face(list) : value,
        ]),
      );
      await call(operation, { body });
    }
  }
  await on.ApiSubjectsGet({ params: { query: { length: 0 } } });
  // A gallery has at most 64 tags.
  for (let number = 0; number < 65; number++) await on.CreateTag(tag(`tag-${number}`));

  const isOfService = ({ status, errorType }: CoveredResponse) =>
    status < 300 || status === 404 || (status === 400 && errorType !== "BadRequestException");
  expect(missing().filter(isOfService).map(words)).toEqual([]);
});

test("the gateway refuses each operation for each reason", async () => {
  const { credentials } = mock;
  const url = mock.urls["necid-v1.1"]!;
  for (const operation of signed) {
    await call(operation, { by: client({ apiKey: "nobody's" }) });
    await call(operation, { by: client({ accessKeyId: "AKIAUNKNOWN000000000" }) });
    await call(operation, { by: client({ secretAccessKey: `${credentials.secretAccessKey}x` }) });
    const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => paths[name]!);
    const body = operation.takesBody ? JSON.stringify(bodies[operation.key]) : undefined;
    const raw = (headers: Record<string, string>) =>
      mock.fetch(`${url}${filled}`, { method: operation.method, headers, body });
    await raw({ "content-type": "application/json" });
    await raw({ "content-type": "application/json", authorization: "AWS4-HMAC-SHA256 Credential=x" });
    if (operation.takesBody) await call(operation, { headers: { "content-type": "text/plain" } });
  }
  const left = missing().filter(({ status }) => status === 403 || status === 415);
  // It wants no API key, so that nothing is wrong with an unknown one.
  expect(left.map(words)).toEqual(["ApiFaceExtractPost 403 ForbiddenException"]);
});

test("what is left is a limit or a failure, and a test can ask for each", async () => {
  const left = missing();
  expect([...new Set(left.map(({ status }) => status))].sort()).toEqual([403, 413, 429, 500, 502, 504]);
  for (const { operation: key, status } of left) {
    const operation = operations.find((each) => each.key === key)!;
    for (const example of operation.examples[status] ?? [undefined]) {
      mock.faults.add({
        operation: operation.key,
        fault: { status, ...(example !== undefined && { example }) },
        times: 1,
      });
      await call(operation);
      mock.faults.clear();
    }
  }
  expect(missing().map(words)).toEqual([]);
  expect(
    mock.coverage
      .report()
      .filter((each) => isOurs(each) && !each.documented)
      .map(words),
  ).toEqual([]);
});
