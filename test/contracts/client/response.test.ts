import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { UnexpectedResponseError } from "../../../contracts/client/client.ts";
import { clientOver, serve } from "../world.ts";

const byId = { params: { path: { id: "7" } } };
const html = "<!doctype html><title>Sign in</title>";
const requestId = "b1f3b1f0-5a5c-4a9e-9d0c-0c7a2f6c8b11";

describe("a response that is not JSON", () => {
  const responses: [
    name: string,
    status: number,
    type: string | undefined,
    body: string | Uint8Array<ArrayBuffer>,
  ][] = [
    ["HTML with 200", 200, "text/html; charset=utf-8", html],
    ["HTML with 502", 502, "text/html", html],
    ["HTML that claims to be JSON", 200, "application/json", html],
    ["truncated JSON", 200, "application/json", '{"id":"7'],
    ["JSON that is not UTF-8", 200, "application/json", new Uint8Array([0x22, 0xe9, 0x22])],
    ["plain text with 403", 403, "text/plain", "Forbidden"],
    ["text of no media type", 200, undefined, "OK"],
    ["a redirect to a page", 302, "text/html", html],
  ];
  test.each(responses)("%s is a typed error", async (_, status, type, body) => {
    const headers = { ...(type && { "content-type": type }), "x-amzn-requestid": requestId };
    const bytes = Buffer.from(body);
    const { client } = clientOver([new Response(bytes, { status, headers })]);
    const call = client.GET("/subjects/{id}", byId);
    await expect(call).rejects.toThrow(UnexpectedResponseError);

    const contentType = type?.split(";")[0] ?? undefined;
    const sha256 = hash("sha256", bytes, "hex");
    await expect(call).rejects.toMatchObject({
      code: "UNEXPECTED_RESPONSE",
      operation: "GET /subjects/{id}",
      status,
      contentType,
      size: bytes.length,
      sha256,
      requestId,
      message:
        `GET /subjects/{id} answered ${status} with ${bytes.length} bytes of ${contentType ?? "no media type"} ` +
        `(SHA-256 ${sha256.slice(0, 16)}…, request id ${requestId}) that are not JSON. ` +
        "Check that baseUrl is the API itself and that no proxy answers in its place.",
    });
  });
});

describe("a response that passes", () => {
  test.each([
    ["200", { data: undefined }],
    ["204", { data: undefined }],
    ["404", { error: undefined }],
    ["500", { error: undefined }],
  ])("%s with an empty body gives undefined, however its length was sent", async (status, want) => {
    const server = await serve((request, response) => {
      const lengths = {
        "/length": { "content-length": "0" },
        "/gzip": { "content-encoding": "gzip" },
        "/chunked": {},
      };
      response.writeHead(Number(status), lengths[request.url as keyof typeof lengths]);
      response.end(request.url === "/gzip" ? gzipSync("") : undefined);
    });
    const { client } = clientOver([(request) => fetch(request)], { baseUrl: server.url, retries: 0 });
    const untyped = client.GET as unknown as (path: string) => Promise<{ response: Response }>;
    const results = await Promise.all(["/length", "/gzip", "/chunked"].map((path) => untyped(path)));
    await server.close();
    expect(results.map(({ response, ...rest }) => rest)).toEqual([want, want, want]);
    expect(results.map(({ response }) => response.ok)).toEqual(Array(3).fill("data" in want));
  });

  test("413 in plain text, as API Gateway sends it", async () => {
    const text = "HTTP content length exceeded 10485760 bytes.";
    const headers = { "content-type": "text/plain" };
    const { client } = clientOver([new Response(text, { status: 413, headers })]);
    const { error } = await client.POST("/subjects", { body: { face: "4pyT" } });
    expect(error).toBe(text);
  });

  test("anything at all when the call asks for text or bytes", async () => {
    const { client } = clientOver([new Response(html)]);
    const text = await client.GET("/subjects/{id}", { ...byId, parseAs: "text" });
    const bytes = await client.GET("/subjects/{id}", { ...byId, parseAs: "arrayBuffer" });
    expect([text.data, bytes.data?.byteLength]).toEqual([html, html.length]);
  });

  test("a HEAD, whose length is that of another body", async () => {
    const { client } = clientOver([new Response(null, { headers: { "content-length": "99" } })]);
    const untyped = client.HEAD as unknown as (path: string) => Promise<{ response: Response }>;
    const { response } = await untyped("/subjects");
    expect(response.headers.get("content-length")).toBe("99");
  });

  test("keeps its status text, headers and URL", async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, "Fine", { "content-type": "application/json", "x-amzn-requestid": requestId });
      response.end("{}");
    });
    const { client } = clientOver([(request) => fetch(request)], { baseUrl: server.url });
    const { response } = await client.GET("/subjects/{id}", byId);
    await server.close();
    expect([response.statusText, response.headers.get("x-amzn-requestid"), response.url]).toEqual([
      "Fine",
      requestId,
      `${server.url}/subjects/7`,
    ]);
  });
});
