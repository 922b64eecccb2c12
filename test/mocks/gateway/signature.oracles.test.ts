import { spawn, spawnSync } from "node:child_process";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HttpRequestInit } from "../../../mocks/http/request.ts";
import { createSignatureVerifier, explain } from "./raw-request.ts";

/*
 * Live calls, signed by programs that are not ours, against a server that only verifies. What a signer
 * does otherwise than API Gateway wants stands in `deviations`, by name and with the proof: the sentence
 * that names what the client signed.
 */

const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const credentials = { accessKeyId, secretAccessKey };
const region = "ap-southeast-2";
const service = "execute-api";
const options = {
  region,
  service,
  credentials: (id: string) => (id === accessKeyId ? { secretAccessKey } : undefined),
  now: Date.now,
};
const verify = createSignatureVerifier(options);

let port = 0;
const server = createServer(async (message, response) => {
  const request = await rawRequest(message);
  const refusal = verify(request);
  const verdict = refusal ? (explain(request, refusal, options) ?? refusal.kind) : "verified";
  response.end(JSON.stringify({ method: request.method, target: request.target, verdict }));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise<void>((resolve) => void server.close(() => resolve()));
});

type Call = { method: string; target: string; body?: string };
type Answer = Call & { verdict: string };

const body = JSON.stringify({ face: "AAAA", name: "Zoë Müller-Łukasiewicz 漢字" });
const methods: Call[] = [
  { method: "GET", target: "/v1/subjects" },
  { method: "POST", target: "/v1/subjects", body },
  { method: "PUT", target: "/v1/subjects/necidguid-fcdf-49eb-9182-5a6825ed2a3b", body },
  { method: "DELETE", target: "/v1/subjects/necidguid-fcdf-49eb-9182-5a6825ed2a3b" },
];

/** As they are sent. */
const targets: Record<string, string> = {
  "a space in the path": "/v1/subjects/a%20b",
  "a slash in a segment": "/v1/subjects/a%2Fb",
  "Unicode in the path": "/v1/subjects/Zo%C3%AB%20%E6%BC%A2%E5%AD%97",
  "reserved characters in the path": "/v1/subjects/$&+,;:=@",
  "the characters that encodeURIComponent leaves": "/v1/subjects/!'()*",
  "escaped reserved characters in the path": "/v1/subjects/%24%26%2B%3F%23",
  "a slash at the end": "/v1/subjects/",
  "two slashes": "/v1//subjects",
  "dot segments": "/v1/a/../subjects/./b",
  "an ordinary query": "/v1/subjects?length=10&start=0",
  "an unsorted query": "/v1/subjects?start=0&length=10&dir=asc",
  "names in both cases": "/v1/subjects?b=1&B=2&a=3&A=4",
  "a name that begins another": "/v1/subjects?a-b=1&a=2",
  "one name several times": "/v1/subjects?tag=b&tag=a&tag=b",
  "an empty value": "/v1/subjects?empty=&x=1",
  "a name alone": "/v1/subjects?alone&x=1",
  "an empty name": "/v1/subjects?=v&x=1",
  "a space in the query": "/v1/subjects?q=a%20b",
  "a plus for a space": "/v1/subjects?q=a+b",
  "an escaped plus": "/v1/subjects?q=a%2Bb",
  "Unicode in the query": "/v1/subjects?Zo%C3%AB=%E6%BC%A2%E5%AD%97",
  "reserved characters in the query": "/v1/subjects?q=$,;:@/?",
  "escaped reserved characters in the query": "/v1/subjects?q=%24%26%3D%3F%23%2F",
  "the characters that encodeURIComponent leaves, in the query": "/v1/subjects?q=!'()*",
};

const curl = curlVersion();

const signers: Record<string, (call: Call) => Promise<Answer>> = {
  aws4: byAws4,
  "@smithy/signature-v4": bySmithy,
  aws4fetch: byAws4fetch,
};

const pathResolved = "line 2 (path): dot segments and double slashes stay as they are.";
const pathNotEncoded = "line 2 (path): the path as sent is to be encoded once more.";
const queryUnsorted = "line 3 (query): the query is to be sorted by name and value.";
const queryAsSent = "line 3 (query): the query is to be sorted, decoded and encoded by RFC 3986.";

/** Where a signer does not sign as API Gateway verifies, each with the line that it signed otherwise. */
const deviations: Record<string, Record<string, string>> = {
  // Resolves paths as most AWS services do.
  aws4: { "two slashes": pathResolved, "dot segments": pathResolved },
  // The same.
  "@smithy/signature-v4": { "two slashes": pathResolved, "dot segments": pathResolved },
  // The same; its URL class has resolved dot segments before anything is sent.
  aws4fetch: {
    "two slashes": pathResolved,
    "an empty name": "line 3 (query): a value with an empty name is signed too.",
  },
  // Signs path and query as sent: curl issues 9717 (sorting), 8107 (names alone), 11794 and 13754 (encoding).
  "curl 7.88": {
    "a space in the path": pathNotEncoded,
    "a slash in a segment": pathNotEncoded,
    "Unicode in the path": pathNotEncoded,
    "reserved characters in the path": pathNotEncoded,
    "the characters that encodeURIComponent leaves": pathNotEncoded,
    "escaped reserved characters in the path": pathNotEncoded,
    "an unsorted query": queryUnsorted,
    "names in both cases": queryUnsorted,
    "a name that begins another": queryUnsorted,
    "one name several times": queryUnsorted,
    "a name alone": queryAsSent,
    "a plus for a space": queryAsSent,
    "reserved characters in the query": queryAsSent,
    "the characters that encodeURIComponent leaves, in the query": queryAsSent,
  },
};

describe.each(Object.keys(signers))("%s", (name) => {
  const sign = signers[name]!;

  test.each(methods)("$method $target", async (call) => {
    const { method, target } = call;
    expect(await sign(call)).toEqual({ method, target, verdict: "verified" });
  });

  test.each(["GET", "POST", "PUT", "DELETE"])("%s with every path and query", async (method) => {
    const content = method === "POST" || method === "PUT" ? body : undefined;
    expect(await verdicts(sign, { method, body: content })).toEqual({ ...allVerified, ...deviations[name] });
  });
});

describe("presigned", () => {
  test("by aws4", async () => {
    const path = "/v1/subjects/a%20b?b=2&a=x%20y&a=%C3%A9";
    const signed = aws4.sign(
      { host: `127.0.0.1:${port}`, path, region, service, signQuery: true },
      credentials,
    );
    expect((await send({ method: "GET", target: signed.path! }, {})).verdict).toBe("verified");
  });

  test("by aws4fetch", async () => {
    const client = new AwsClient({ ...credentials, region, service });
    const url = `http://127.0.0.1:${port}/v1/subjects/a%20b?b=2&a=x%20y&a=%C3%A9`;
    const response = await fetch(await client.sign(url, { aws: { signQuery: true } }));
    expect(((await response.json()) as Answer).verdict).toBe("verified");
  });
});

describe.skipIf(curl === undefined)(
  "curl --aws-sigv4 (skipped where curl is missing or older than 7.75)",
  () => {
    test.each(methods)("$method $target", async (call) => {
      const { method, target } = call;
      expect(await byCurl(call)).toEqual({ method, target, verdict: "verified" });
    });

    test.runIf(`curl ${curl}` in deviations)(`every path and query with curl ${curl}`, async () => {
      const expected = { ...allVerified, ...deviations[`curl ${curl}`] };
      expect(await verdicts(byCurl, { method: "GET" })).toEqual(expected);
      expect(await verdicts(byCurl, { method: "PUT", body })).toEqual(expected);
    });

    test.skipIf(`curl ${curl}` in deviations)(
      `paths and queries that every curl signs, with curl ${curl}`,
      async () => {
        const plain = ["a slash at the end", "an ordinary query", "an empty value"];
        const found = await verdicts(byCurl, { method: "GET" });
        expect(plain.filter((what) => found[what] !== "verified")).toEqual([]);
      },
    );
  },
);

const allVerified = Object.fromEntries(Object.keys(targets).map((what) => [what, "verified"]));

async function verdicts(
  sign: (call: Call) => Promise<Answer>,
  call: Omit<Call, "target">,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [what, target] of Object.entries(targets)) {
    const { verdict } = await sign({ ...call, target });
    // The lines themselves are compared in explain.test.ts.
    found[what] = verdict.replace(/^Canonical request, (.*?): .*; (.*)$/, "$1: $2");
  }
  return found;
}

async function byAws4(call: Call): Promise<Answer> {
  const { method, target, body } = call;
  const headers = { "Content-Type": "application/json", "x-api-key": "k" };
  const signed = aws4.sign(
    { host: `127.0.0.1:${port}`, path: target, method, body, headers, region, service },
    credentials,
  );
  return send({ method, target: signed.path!, body }, signed.headers as Record<string, string>);
}

async function bySmithy(call: Call): Promise<Answer> {
  const { method, target, body } = call;
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, uriEscapePath: true });
  const [path = "", search = ""] = target.split(/\?(.*)/s);
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) query[name] = [...(query[name] ?? []), value];
  const headers = { host: `127.0.0.1:${port}`, "content-type": "application/json", "x-api-key": "k" };
  const signed = await signer.sign({
    method,
    protocol: "http:",
    hostname: "127.0.0.1",
    port,
    path,
    query,
    headers,
    body,
  });
  return send({ method, target, body }, signed.headers);
}

async function byAws4fetch(call: Call): Promise<Answer> {
  const { method, target, body } = call;
  const client = new AwsClient({ ...credentials, region, service, retries: 0 });
  const headers = { "content-type": "application/json", "x-api-key": "k" };
  const response = await client.fetch(`http://127.0.0.1:${port}${target}`, { method, body, headers });
  return (await response.json()) as Answer;
}

async function byCurl(call: Call): Promise<Answer> {
  const { method, target, body } = call;
  const content = body === undefined ? [] : ["--data-binary", body];
  const child = spawn("curl", [
    // --disable, which must come first: no .curlrc of whoever runs this.
    ...[
      "--disable",
      "--noproxy",
      "*",
      "--silent",
      "--show-error",
      "--globoff",
      "--path-as-is",
      "--max-time",
      "20",
    ],
    ...["--aws-sigv4", `aws:amz:${region}:${service}`, "--user", `${accessKeyId}:${secretAccessKey}`],
    ...["-X", method, "-H", "Content-Type: application/json", "-H", "x-api-key: k", ...content],
    `http://127.0.0.1:${port}${target}`,
  ]);
  let output = "";
  for await (const chunk of child.stdout) output += chunk;
  return JSON.parse(output) as Answer;
}

function send({ method, target, body }: Call, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, method, path: target, headers },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve(JSON.parse(text) as Answer);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

async function rawRequest(message: IncomingMessage): Promise<HttpRequestInit> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return {
    method: message.method!,
    target: message.url!,
    rawHeaders: message.rawHeaders,
    body: Buffer.concat(chunks),
  };
}

/** Undefined where there is no curl, or one without `--aws-sigv4` (before 7.75). */
function curlVersion(): string | undefined {
  const version = /^curl (\d+\.\d+)/.exec(
    spawnSync("curl", ["--version"], { encoding: "utf8" }).stdout ?? "",
  )?.[1];
  const [major = 0, minor = 0] = version?.split(".").map(Number) ?? [];
  return major > 7 || minor >= 75 ? version : undefined;
}
