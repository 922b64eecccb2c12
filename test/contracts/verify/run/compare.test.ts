import { expect, test } from "vitest";
import type { MadeCall } from "../../../../contracts/verify/check.ts";
import { compareCalls } from "../../../../contracts/verify/run/compare.ts";

const made = (
  status: number,
  body: unknown,
  headers: [string, string][] = [["content-type", "application/json"]],
): MadeCall => ({
  planned: { operation: "ApiSubjectsPost", method: "POST", path: "/subjects", purpose: "register alice" },
  request: { method: "POST", url: "http://127.0.0.1/subjects", headers: [], body: undefined },
  response: { status, headers, body: Buffer.from(body === undefined ? "" : JSON.stringify(body)) },
  ms: 1,
});
const call = { operation: "ApiSubjectsPost", purpose: "register alice" };
const id = (digits: string) => `necidguid-0000-0000-0000-${digits}`;

test("other figures, ids, times and a charset of another case are no difference", () => {
  const one = made(201, { id: id("000000000001"), roll: "1.5", message: "expired: 20180816T032046Z" });
  const other = made(201, { id: id("abcdefabcdef"), roll: "-0", message: "expired: 20261123T032046Z" });
  expect(compareCalls([one], [other])).toEqual([]);
});

test("another status, media type, kind of value, property or message is one, reported once", () => {
  const one = made(201, { roll: "1.5", list: [{ a: 1 }], message: "Forbidden" });
  const other = made(200, { roll: 1.5, list: [{ a: "1" }], message: "forbidden", more: true }, [
    ["content-type", "text/html"],
  ]);
  expect(compareCalls([one, one], [other, other])).toEqual([
    { ...call, instancePath: "status", first: "201", second: "200" },
    { ...call, instancePath: "header content-type", first: "application/json", second: "text/html" },
    {
      ...call,
      instancePath: "body ",
      first: "object of list, message, roll",
      second: "object of list, message, more, roll",
    },
    { ...call, instancePath: "body /roll", first: "number in text", second: "number" },
    { ...call, instancePath: "body /list/0/a", first: "integer", second: "number in text" },
    { ...call, instancePath: "body /message", first: 'text "Forbidden"', second: 'text "forbidden"' },
    { ...call, instancePath: "body /more", first: "absent", second: "true" },
  ]);
});

test("a body where the other has none, and one that is no JSON", () => {
  const html = {
    ...made(404, undefined),
    response: { ...made(404, undefined).response, body: Buffer.from("<p>") },
  };
  expect(compareCalls([made(404, undefined)], [html])).toEqual([
    { ...call, instancePath: "body", first: "empty", second: "no JSON" },
  ]);
});

test("one that is no JSON is said once, not for each member of the other", () => {
  const json = made(404, { a: 1, b: { c: "text" } });
  const html = { ...json, response: { ...json.response, body: Buffer.from("<p>") } };
  expect(compareCalls([json, json], [html, html])).toEqual([
    { ...call, instancePath: "body", first: "JSON", second: "no JSON" },
  ]);
});

test("calls are compared as long as they are the same, without those of the run itself", () => {
  const failed = made(500, undefined);
  const bookkeeping = { ...made(204, undefined), planned: { ...failed.planned, isBookkeeping: true } };
  const search = { ...made(200, {}), planned: { ...failed.planned, purpose: "search alice" } };
  const update = { ...made(404, {}), planned: { ...failed.planned, purpose: "update alice" } };
  expect(compareCalls([failed, update, search], [bookkeeping, made(500, undefined), search, update])).toEqual(
    [],
  );
});

test("a body where the other has none is said once, not for each of its members", () => {
  expect(compareCalls([made(200, { a: 1 })], [made(200, undefined)])).toEqual([
    { ...call, instancePath: "body", first: "JSON", second: "empty" },
  ]);
});
