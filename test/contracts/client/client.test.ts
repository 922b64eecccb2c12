import type { Middleware } from "openapi-fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ClientOptionError,
  createSignedClient,
  type SignedClientOptions,
} from "../../../contracts/client/client.ts";
import { sign } from "../../../contracts/signing.ts";
import { clientOver, json, now, type Paths, secrets, serve, verifierAt } from "../world.ts";

const face = "4pyT";

describe("every call over HTTP", () => {
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    const verify = verifierAt(() => now);
    server = await serve((request, response, body) => {
      const refusal = verify(request, body);
      response.writeHead(refusal?.status ?? 200, { "content-type": "application/json" });
      response.end(refusal?.body ?? JSON.stringify({ id: `${request.method} ${request.url} ${body}` }));
    });
  });
  afterAll(() => server.close());
  const clientThere = (options: Partial<SignedClientOptions> = {}) =>
    createSignedClient<Paths>({ ...secrets, baseUrl: `${server.url}/v1//`, clock: () => now, ...options });

  test.each(["plain", "a b", "a/b", "it's(a)*test!", "顔é", "100%", "a?b#c", "a+b;c=d", "..."])(
    "is signed right with the path parameter %s",
    async (id) => {
      const { data } = await clientThere().GET("/subjects/{id}", {
        params: { path: { id }, query: { z: ["b c", "a+"], empty: "", 名: "'()*!" } },
      });
      const target = decodeURIComponent(data!.id.split(" ")[1]!.split("?")[0]!);
      expect(target).toBe(`/v1/subjects/${id}`);
    },
  );

  const files = (proxy: unknown) => {
    const get = clientThere().GET as unknown as (
      path: string,
      init: object,
    ) => Promise<{ data: { id: string } }>;
    return get("/files/{proxy+}", { params: { path: { proxy } } });
  };
  test.each([
    ["a", "a"],
    ["a/b c/d", "a/b%20c/d"],
    ["a//{b}?", "a//%7Bb%7D%3F"],
    [7, "7"],
  ])("is signed right with the greedy parameter %s", async (proxy, target) => {
    const { data } = await files(proxy);
    expect(data.id.split(" ")[1]).toBe(`/v1/files/${target}`);
  });

  test.each(["", undefined, "a/../b", "..", "a/./b", "a/\ud800"])(
    "is not sent with the greedy parameter %j",
    async (proxy) => {
      await expect(files(proxy)).rejects.toThrow(
        /^GET \/files\/\{proxy\+\} was not sent: its path parameter "proxy" /,
      );
    },
  );

  test.each(["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"])("is signed right as %s", async (method) => {
    const request = clientThere().request as unknown as (
      method: string,
      path: string,
      init?: object,
    ) => Promise<{ data: unknown }>;
    const body = method === "GET" ? undefined : { face };
    const { data } = await request(method, "/subjects", { body });
    expect(data).toEqual({ id: `${method} /v1/subjects ${body ? '{"face":"4pyT"}' : ""}` });
  });

  test("is signed behind all middleware, whenever and wherever it was added", async () => {
    const client = clientThere();
    client.use(rewriting("from use"));
    const { data } = await client.POST("/subjects", {
      body: { face },
      middleware: [rewriting("from the call")],
    });
    expect(data).toEqual({
      id: 'POST /v1/subjects?by=from+use&by=from+the+call {"face":"4pyT"} from use from the call',
    });
  });

  test("is signed when the call brings its own fetch", async () => {
    const sent: string[] = [];
    const { data } = await clientThere().GET("/subjects/{id}", {
      params: { path: { id: "7" } },
      fetch: (request) => {
        sent.push(request.url);
        return fetch(request);
      },
    });
    expect([data, sent]).toEqual([{ id: "GET /v1/subjects/7 " }, [`${server.url}/v1/subjects/7`]]);
  });

  test("is signed with a form and with bytes as the body", async () => {
    const form = new FormData();
    form.set("photo", new Blob(["é"]), "a.jpg");
    const bodies = [form, new Uint8Array([0, 255, 128])];
    const responses = await Promise.all(
      bodies.map((body) =>
        clientThere().POST("/subjects", { body: body as never, bodySerializer: (given: unknown) => given }),
      ),
    );
    expect(responses.map(({ response }) => response.status)).toEqual([200, 200]);
  });

  test("with a wrong secret is refused in the gateway's words", async () => {
    const { error, response } = await clientThere({ secretAccessKey: "wrong" }).POST("/subjects", {
      body: { face },
    });
    expect(response.status).toBe(403);
    expect(JSON.stringify(error)).toContain("The request signature we calculated does not match");
  });
});

describe("a request as sent", () => {
  test("carries these headers and follows no redirect", async () => {
    const { client, requests } = clientOver([json(201, { id: "1" })]);
    await client.POST("/subjects", { body: { face } });

    const [request] = requests;
    const headers = new Headers({ accept: "application/json", "content-type": "application/json" });
    const url = "https://api.example.test/v1/subjects";
    const body = Buffer.from('{"face":"4pyT"}');
    const added = sign({ method: "POST", url, headers, body }, { ...secrets, now });
    expect(Object.fromEntries(request!.headers)).toEqual({ ...Object.fromEntries(headers), ...added });
    expect(request!.redirect).toBe("manual");
  });

  test("names another gallery when the call gives an x-api-key", async () => {
    const { client, requests } = clientOver([json(201, { id: "1" })]);
    await client.POST("/subjects", { body: { face }, headers: { "x-api-key": "another-gallery" } });
    expect(requests[0]!.headers.get("x-api-key")).toBe("another-gallery");
  });

  test("carries no credentials where the operation is unsigned", async () => {
    const { client, requests } = clientOver([json(200, { status: "OK" })], {
      unsigned: (method, path) => `${method} ${path}` === "GET /health",
    });
    await client.GET("/health");
    expect(Object.fromEntries(requests[0]!.headers)).toEqual({ accept: "application/json" });
  });
});

describe("a path parameter", () => {
  const faulty: [fault: string, id: unknown][] = [
    ["is missing", undefined],
    ["is missing", null],
    ["is empty", ""],
    ["is empty", []],
    ['is ".", which is a step in the path and no value', "."],
    ['is "..", which is a step in the path and no value', ".."],
    ["is not well-formed Unicode", "a\ud800"],
  ];
  test.each(faulty)("that %s is refused before anything is sent (%j)", async (fault, id) => {
    const { client, requests } = clientOver([json(200, {})]);
    const call = client.DELETE("/subjects/{id}", { params: { path: { id: id as string } } });
    await expect(call).rejects.toMatchObject({
      name: "PathParameterError",
      code: "PATH_PARAMETER",
      operation: "DELETE /subjects/{id}",
      parameter: "id",
      message: `DELETE /subjects/{id} was not sent: its path parameter "id" ${fault}. Give it in params.path.`,
    });
    expect(requests).toEqual([]);
  });

  test("that is not given at all is refused, and one inherited from Object.prototype is none", async () => {
    const { client } = clientOver([json(200, {})]);
    const untyped = client.GET as unknown as (path: string, init?: object) => Promise<unknown>;
    await expect(untyped("/subjects/{id}")).rejects.toMatchObject({ parameter: "id" });
    await expect(untyped("/{constructor}", { params: { path: {} } })).rejects.toMatchObject({
      parameter: "constructor",
    });
  });
});

describe("a bad option", () => {
  const printable = "text of visible ASCII characters, without spaces";
  const faulty: [option: keyof SignedClientOptions, value: unknown, rule: string][] = [
    ["accessKeyId", undefined, `${printable}, "/" and ","`],
    ["accessKeyId", "AKID/2", `${printable}, "/" and ","`],
    ["secretAccessKey", undefined, printable],
    ["secretAccessKey", "", printable],
    ["secretAccessKey", "canary-secret\n", printable],
    ["sessionToken", "canary token", printable],
    ["apiKey", "canary-ké", printable],
    ["baseUrl", undefined, "an http or https URL without user, query and fragment"],
    ["baseUrl", "api.example.test/v1", "an http or https URL without user, query and fragment"],
    ["baseUrl", "ftp://api.example.test", "an http or https URL without user, query and fragment"],
    [
      "baseUrl",
      "https://canary:canary@api.example.test",
      "an http or https URL without user, query and fragment",
    ],
    [
      "baseUrl",
      "https://api.example.test/v1?stage=1",
      "an http or https URL without user, query and fragment",
    ],
    ["region", "", "lower-case letters, digits and hyphens"],
    ["service", "a/b", "lower-case letters, digits and hyphens"],
    ["fetch", "fetch", "a function"],
    ["clock", 0, "a function"],
    ["timeoutMs", Number.NaN, "a number of milliseconds from 1 to 2147483647"],
    ["timeoutMs", Number.POSITIVE_INFINITY, "a number of milliseconds from 1 to 2147483647"],
    ["timeoutMs", 0, "a number of milliseconds from 1 to 2147483647"],
    ["retries", Number.NaN, 'a whole number from 0 to 10, or { attempts, also: ["POST /path"] }'],
    ["retries", null, 'a whole number from 0 to 10, or { attempts, also: ["POST /path"] }'],
    ["retries", 11, 'a whole number from 0 to 10, or { attempts, also: ["POST /path"] }'],
    ["retries", { attempts: 1.5 }, 'a whole number from 0 to 10, or { attempts, also: ["POST /path"] }'],
    [
      "retries",
      { attempts: 1, also: ["/subjects"] },
      'a whole number from 0 to 10, or { attempts, also: ["POST /path"] }',
    ],
  ];
  test.each(faulty)("%s = %j is refused at once, without its value", (option, value, rule) => {
    const options = { ...secrets, baseUrl: "https://api.example.test/v1", [option]: value };
    expect(() => createSignedClient<Paths>(options as SignedClientOptions)).toThrow(
      expect.objectContaining({
        name: "ClientOptionError",
        code: "CLIENT_OPTION",
        option,
        message: `The client was not created: ${option} must be ${rule}. Correct this option.`,
      }),
    );
  });

  test("is an error of its own class", () => {
    expect(() => createSignedClient<Paths>({ ...secrets, baseUrl: "" })).toThrow(ClientOptionError);
  });
});

/** Adds to query and body, so that a signature made before it is wrong after it. */
function rewriting(mark: string): Middleware {
  return {
    async onRequest({ request }) {
      const url = new URL(request.url);
      url.searchParams.append("by", mark);
      const body = `${await request.text()} ${mark}`;
      return new Request(url, { method: request.method, headers: request.headers, body });
    },
  };
}
