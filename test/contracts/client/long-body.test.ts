import fc from "fast-check";
import { expect, test } from "vitest";
import { createSignedClient } from "../../../contracts/client/client.ts";
import { writeLongBody } from "../../../contracts/client/long-body.ts";

const long = (text: string) => text.repeat(Math.ceil(1_200_000 / text.length));
const decode = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

test.each<[name: string, body: unknown]>([
  ["Base64", { face: long("QUJD/+=="), threshold: 7000 }],
  ["quotes, line breaks and control characters", { face: long('a"b\\c\n\u0000') }],
  ["characters of two and three bytes", [long("äé"), { deep: long("日本語") }]],
  [
    "surrogate pairs at every place, and single ones",
    { a: long("😀"), b: `x${long("😀")}`, c: long("\ud800a") },
  ],
  ["texts that look like marks", { a: long("A"), b: '"long-text-0.5-0"', [long("key")]: 1 }],
  ["what JSON leaves out", { face: long("A"), none: undefined, call: () => {}, list: [undefined] }],
])("a body with a long text is written as JSON.stringify writes it: %s", async (_, body) => {
  expect(decode(await writeLongBody(body)) === JSON.stringify(body)).toBe(true);
});

test("any long text is written as JSON.stringify writes it", async () => {
  const texts = fc.string({ unit: "binary", minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(texts, fc.json(), async (text, rest) => {
      const body = { face: long(text), rest: JSON.parse(rest) };
      expect(decode(await writeLongBody(body)) === JSON.stringify(body)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test.each([[undefined], ["text"], [{ face: "short" }], [new Uint8Array(300_000)], [[1, null]]])(
  "%j is left to openapi-fetch",
  async (body) => {
    expect(await writeLongBody(body)).toBeUndefined();
  },
);

test("a call sends a long body as JSON, and lets other work have its turn meanwhile", async () => {
  type Paths = {
    "/subjects": {
      post: {
        requestBody: { content: { "application/json": { face: string } } };
        responses: { 201: { content: { "application/json": object } } };
      };
    };
  };
  let turns = 0;
  let sent: Request | undefined;
  const client = createSignedClient<Paths>({
    baseUrl: "http://127.0.0.1/v1",
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    fetch: async (request) => {
      sent = request.clone();
      return Response.json({}, { status: 201 });
    },
  });
  const timer = setInterval(() => (turns += 1));
  const face = "QUJD".repeat(1_600_000);
  await client.POST("/subjects", { body: { face } });
  clearInterval(timer);
  expect(sent!.headers.get("content-type")).toBe("application/json");
  expect((await sent!.text()) === JSON.stringify({ face })).toBe(true);
  expect(turns).toBeGreaterThan(3);
});
