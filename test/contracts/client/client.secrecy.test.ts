import { inspect } from "node:util";
import { expect, test } from "vitest";
import { createSignedClient } from "../../../contracts/client/client.ts";
import { clientOver, type Paths, type Step, secrets } from "../world.ts";

const face = "CANARYIMAGE";

/** Transports that quote the whole request in whatever they do, as a debugging proxy would. */
const quoting: [name: string, step: Step][] = [
  [
    "a failure with the request in its text",
    async (request) => Promise.reject(new Error(await quote(request))),
  ],
  [
    "a failure with the request in its cause",
    async (request) => {
      const cause = Object.assign(new Error(await quote(request)), { code: "ECONNRESET", request });
      throw new TypeError("fetch failed", { cause });
    },
  ],
  [
    "a failure with the request in its code",
    async (request) => Promise.reject({ code: await quote(request), request }),
  ],
  ["a page with the request in it", async (request) => new Response(`<pre>${await quote(request)}</pre>`)],
  ["a timeout", () => new Promise<Response>(() => {})],
];

test.each(quoting)("%s leaks nothing into the error", async (_, step) => {
  const { client, requests } = clientOver([step], { retries: 0, timeoutMs: 20 });
  const error = await client.POST("/subjects", { body: { face } }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Error);
  expect(leaksOf(error, requests[0]!.headers.get("authorization")!)).toEqual([]);
});

test("a refused path parameter leaks nothing into the error", async () => {
  const { client } = clientOver([]);
  const call = client.PUT("/subjects/{id}", { params: { path: { id: ".." } }, body: { face } });
  expect(leaksOf(await call.catch((caught: unknown) => caught))).toEqual([]);
});

test.each<[form: string, of: (value: string) => { [field: string]: unknown }]>([
  ["of a record", (value) => ({ headers: { "x-api-key": value } })],
  ["of a list", (value) => ({ headers: [["x-api-key", value]] })],
  ["of several values", (value) => ({ headers: { "x-api-key": ["a", value] } })],
  ["of a parameter", (value) => ({ params: { header: { "x-api-key": value } } })],
])("a refused header %s leaks nothing into the error", async (_, of) => {
  for (const broken of [`${secrets.apiKey}\nx`, `${secrets.apiKey}é`, `${secrets.apiKey}漢`]) {
    const { client, requests } = clientOver([]);
    const error = await client.GET("/health", of(broken)).catch((caught: unknown) => caught);
    expect(String(error)).toBe(
      'HeaderValueError: GET /health was not sent: its header "x-api-key" is not printable ASCII text. Correct its value.',
    );
    expect([leaksOf(error), requests]).toEqual([[], []]);
  }
});

test("white space around a header is no part of it", async () => {
  const { client, requests } = clientOver([Response.json({ status: "OK" })]);
  await client.GET("/health", { headers: { "x-api-key": "another key\n" } });
  expect(requests[0]!.headers.get("x-api-key")).toBe("another key");
});

test.each(["accessKeyId", "secretAccessKey", "sessionToken", "apiKey"])(
  "a refused %s leaks nothing",
  (option) => {
    const options = {
      ...secrets,
      baseUrl: "https://api.example.test",
      [option]: `${secrets.secretAccessKey} `,
    };
    let error: unknown;
    try {
      createSignedClient<Paths>(options);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(Error);
    expect(leaksOf(error)).toEqual([]);
  },
);

test("the client itself shows no secret", () => {
  expect(leaksOf(clientOver([]).client)).toEqual([]);
});

/** The canaries that any default way of printing a value shows. */
function leaksOf(value: unknown, authorization = "AWS4-HMAC-SHA256"): string[] {
  const signature = authorization.split("Signature=").at(-1)!;
  const shown = [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
    String((value as Error).stack),
  ].join("\n");
  return [...Object.values(secrets), face, signature, "AWS4-HMAC-SHA256"].filter((canary) =>
    shown.includes(canary),
  );
}

async function quote(request: Request): Promise<string> {
  return JSON.stringify({ headers: [...request.headers], body: await request.text() });
}
