import { expect, test } from "vitest";
import { excerptOf, keepResponse } from "../../../../contracts/verify/report/kept-response.ts";
import { createRedactor } from "../../../../contracts/verify/report/redact.ts";

const respond = (body: string | Buffer, type = "application/json") =>
  keepResponse({ status: 200, headers: [["content-type", type]], body: Buffer.from(body as string) });
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const redact = createRedactor([secret]);
const excerpt = (body: string | Buffer, instancePath = "status") =>
  excerptOf(respond(body), { instancePath, redact });
const image = Buffer.from("a picture of somebody ".repeat(300)).toString("base64");

test.each<[what: string, shown: string, wanted: string]>([
  ["a short body", excerpt('{"a":1}'), 'HTTP 200, application/json, 7 bytes: {"a":1}'],
  ["no body", excerpt(""), "HTTP 200, application/json, no body"],
  [
    "no media type",
    excerptOf(keepResponse({ status: 204, headers: [], body: Buffer.alloc(0) }), {
      instancePath: "body",
      redact,
    }),
    "HTTP 204, no media type, no body",
  ],
  [
    "a long body",
    excerpt(`"${"ab ".repeat(200)}"`),
    `HTTP 200, application/json, 602 bytes: ${`"${"ab ".repeat(200)}"`.slice(0, 300)}…`,
  ],
  [
    "the place of a byte",
    excerpt(`"${"ab ".repeat(200)}!${"cd ".repeat(5)}"`, "bytes 601"),
    `HTTP 200, application/json, 618 bytes: …${"ab ".repeat(14).slice(2)}!${"cd ".repeat(5)}"`,
  ],
])("%s", (_, shown, wanted) => {
  expect(shown).toBe(wanted);
});

test("an image is a size and a hash, also one that is longer than what is kept", () => {
  for (const body of [`{"face":"${image}"}`, `{"x":"${"y ".repeat(1_000)}","face":"${image}"}`]) {
    const shown = excerpt(body);
    for (let at = 0; at + 12 < image.length; at += 12) expect(shown).not.toContain(image.slice(at, at + 12));
  }
  expect(excerpt(`{"face":"${image.slice(0, 400)}"}`)).toMatch(
    /\{"face":"\(400 characters, SHA-256 \w{8}…\)"\}$/,
  );
});

test("no piece of a secret is shown, wherever the response is cut", () => {
  const pieces = Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));
  for (let before = 4_050; before < 4_100; before += 3) {
    const body = `{"${image.slice(0, before)} ${secret} rest of it"}`;
    for (const piece of pieces) expect(excerpt(body)).not.toContain(piece);
  }
  for (let before = 200; before < 300; before += 7) {
    const body = `{"${"ab ".repeat(100).slice(0, before)} ${secret} rest of it"}`;
    for (const place of [before, before + 10, before + 30])
      for (const piece of pieces) expect(excerpt(body, `bytes ${place}`)).not.toContain(piece);
  }
});

test("ids and long texts of a body are kept for later calls", () => {
  const body = {
    id: "7",
    name: "bob",
    batchId: "batch",
    list: [{ eventId: "e" }],
    message: "more than eight",
  };
  expect(respond(JSON.stringify(body)).values).toEqual([
    ["/id", "7"],
    ["/batchId", "batch"],
    ["/list/0/eventId", "e"],
    ["/message", "more than eight"],
  ]);
  expect(respond("<html>").values).toEqual([]);
  expect(respond('{"a').values).toEqual([]);
});
