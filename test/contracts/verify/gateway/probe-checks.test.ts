import { afterAll, beforeAll, describe, expect, test } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import { type OpenApi, readOperations } from "../../../../contracts/openapi/operations.ts";
import type { Mismatch } from "../../../../contracts/verify/check.ts";
import { probeChecks } from "../../../../contracts/verify/gateway/probe-checks.ts";
import type { ReceivedResponse } from "../../../../contracts/verify/wire.ts";
import { type Mock, type MockWorld, startMock } from "../../../../mocks/mock.ts";
import { openTamperedSession, responseOf, type Tamper } from "../tampered-session.ts";

let mock: Mock;
let world: MockWorld;
beforeAll(async () => {
  mock = await startMock();
  world = mock.world();
});
afterAll(() => mock.close());

const contract = openapi as unknown as OpenApi;
const checks = new Map(
  probeChecks({ openapi: contract, operations: readOperations(contract) }).map((check) => [
    check.id.replace("probe/", ""),
    check,
  ]),
);
const ids = [...checks.keys()];
const refused = ids.filter((id) => !id.startsWith("let-through/"));
const open = ids.filter((id) => id.startsWith("let-through/"));

async function run(id: string, tamper?: Tamper) {
  const session = openTamperedSession(world, { ...(tamper && { tamper }) });
  return { ...(await checks.get(id)!.run(session)), calls: session.calls };
}

/** The response of the mock, altered. */
function altering(alter: (response: ReceivedResponse) => ReceivedResponse): Tamper {
  return async (_, send) => alter(await send());
}

function withHeader(name: string, value: string | undefined): Tamper {
  return altering(({ headers, ...rest }) => ({
    ...rest,
    headers: [
      ...headers.filter(([key]) => key !== name),
      ...(value === undefined ? [] : [[name, value] as [string, string]]),
    ],
  }));
}

function withText(alter: (text: string) => string): Tamper {
  return altering((response) => ({ ...response, body: Buffer.from(alter(response.body.toString())) }));
}

describe("against a correct gateway", () => {
  test.each(ids)("%s finds nothing", async (id) => {
    const { mismatches, asserted, skipped, calls } = await run(id);
    expect({ mismatches, skipped, calls: calls.length }).toEqual({
      mismatches: [],
      skipped: undefined,
      calls: 1,
    });
    expect(asserted).not.toEqual([]);
  });

  test("the configuration is checked of every signed operation, the signature of two", () => {
    const operations = new Map<string, string[]>();
    for (const id of ids) {
      const [name, ...rest] = id.split("/");
      operations.set(name!, [...(operations.get(name!) ?? []), rest.join("/")]);
    }
    const every = [
      "ApiSubjectsByIdPut",
      "ApiSubjectsByIdDelete",
      "ApiSubjectsPost",
      "ApiFaceExtractPost",
      "ApiFaceSearchPost",
      "ApiFaceVerifyPost",
    ];
    const two = ["ApiSubjectsByIdDelete", "ApiSubjectsByIdPut"];
    const paths = ["subjects", "subjects/{id}", "face/extract", "face/search", "face/verify", "health"];
    expect(Object.fromEntries(operations)).toEqual({
      unsigned: every,
      "no-api-key": every,
      "unknown-api-key": every,
      "no-signature": two,
      incomplete: two,
      "host-not-signed": two,
      expired: two,
      future: two,
      "wrong-region": two,
      "wrong-service": two,
      "wrong-region-and-service": two,
      "unknown-access-key": two,
      "wrong-secret": two,
      "tampered-body": two,
      "unknown-path": [""],
      "no-path": [""],
      "empty-path": [""],
      "wrong-method": paths,
      "let-through": [...paths.map((path) => `OPTIONS /${path}`), "GET /health"].sort(
        (a, b) => order(a) - order(b),
      ),
    });

    /** As in the contract. */
    function order(key: string): number {
      return readOperations(contract).findIndex((operation) => operation.key === key);
    }
  });

  test.each<[name: string, id: string, tamper: Tamper]>([
    ["a charset", "unsigned/ApiSubjectsPost", withHeader("content-type", "application/json; charset=UTF-8")],
    ["a header of its own", "unsigned/ApiSubjectsPost", withHeader("x-cache", "Error from cloudfront")],
    [
      "more than a browser asks for",
      "let-through/OPTIONS /subjects",
      withHeader("access-control-allow-methods", "DELETE , GET,options,POST,PUT"),
    ],
    [
      "the origin itself",
      "let-through/OPTIONS /subjects",
      withHeader("access-control-allow-origin", "https://browser.example"),
    ],
  ])("%s is no mismatch", async (_, id, tamper) => {
    expect((await run(id, tamper)).mismatches).toEqual([]);
  });
});

type Reported = [id: string, instancePath: string, expected: string, actual: string];

describe("against a gateway with one error", () => {
  test.each(refused)("%s reports a call that is let through", async (id) => {
    expectMismatches((await run(id, async () => responseOf(200, {}))).mismatches, id, [
      "status",
      "403",
      "200",
    ]);
  });

  test.each(open)("%s reports a call that is not let through", async (id) => {
    expectMismatches((await run(id, async () => responseOf(403, {}))).mismatches, id, [
      "status",
      "200",
      "403",
    ]);
  });

  const missing = "Missing Authentication Token";
  const when = (sent: string, bound: string, now: string) =>
    withText((text) =>
      JSON.stringify({
        message: JSON.parse(text)
          .message.replace(/(?<=expired: )\S+/, (date: string) => sent || date)
          .replace(/(?<=earlier than )\S+/, (date: string) => bound || date)
          .replace(/(?<=\()\S+/, (date: string) => now || date),
      }),
    );
  const rows: [broken: string, tamper: Tamper, ...Reported][] = [
    [
      "a 401",
      altering((response) => ({ ...response, status: 401 })),
      "unsigned/ApiSubjectsPost",
      "status",
      "403",
      "401",
    ],
    [
      "no error type",
      withHeader("x-amzn-errortype", undefined),
      "unsigned/ApiFaceVerifyPost",
      "header x-amzn-errortype",
      "MissingAuthenticationTokenException",
      "missing",
    ],
    [
      "another error type",
      withHeader("x-amzn-errortype", "AccessDeniedException"),
      "no-api-key/ApiFaceVerifyPost",
      "header x-amzn-errortype",
      "ForbiddenException",
      '"AccessDeniedException"',
    ],
    [
      "plain text",
      withHeader("content-type", "text/plain"),
      "expired/ApiSubjectsByIdPut",
      "header content-type",
      "application/json",
      '"text/plain"',
    ],
    [
      "no request id",
      withHeader("x-amzn-requestid", undefined),
      "future/ApiSubjectsByIdPut",
      "header x-amzn-requestid",
      "a UUID",
      "missing",
    ],
    [
      "a request id that is none",
      withHeader("x-amzn-requestid", "17"),
      "unknown-path",
      "header x-amzn-requestid",
      "a UUID",
      '"17"',
    ],
    [
      "no gateway id",
      withHeader("x-amz-apigw-id", undefined),
      "no-path",
      "header x-amz-apigw-id",
      "15 characters of Base64 and =",
      "missing",
    ],
    [
      "other words",
      withText((text) => text.replace("Token", "token")),
      "unsigned/ApiSubjectsByIdPut",
      "body /message",
      `"${missing}"`,
      '"Missing Authentication token"',
    ],
    [
      "a space after the colon",
      withText((text) => text.replace(":", ": ")),
      "unsigned/ApiFaceSearchPost",
      "bytes 11",
      '{"message":"…"} and nothing else',
      '"{\\"message\\": \\"Missing Authentication Token\\"}"',
    ],
    [
      "another property",
      withText((text) => text.replace("}", ',"code":1}')),
      "unknown-api-key/ApiFaceSearchPost",
      "bytes 22",
      '{"message":"…"} and nothing else',
      '"{\\"message\\":\\"Forbidden\\",\\"code\\":1}"',
    ],
    [
      "a body that goes on",
      withText((text) => `${text}\n`),
      "unknown-api-key/ApiFaceSearchPost",
      "bytes 23",
      '{"message":"…"} and nothing else',
      '"{\\"message\\":\\"Forbidden\\"}\\n"',
    ],
    [
      "a web page",
      withText(() => "<html></html>"),
      "wrong-method/subjects",
      "body /message",
      "a text in a JSON object",
      '"<html></html>"',
    ],
    [
      "a message that is no text",
      withText(() => '{"message":null}'),
      "wrong-method/subjects/{id}",
      "body /message",
      "a text in a JSON object",
      '"{\\"message\\":null}"',
    ],
    [
      "no space at the end",
      withText((text) => text.replace('. "', '."')),
      "wrong-region/ApiSubjectsByIdPut",
      "body /message",
      '"Credential should be scoped to a valid region. "',
      '"Credential should be scoped to a valid region."',
    ],
    [
      "another service",
      withText((text) => text.replace("execute-api", "apigateway")),
      "wrong-service/ApiSubjectsByIdPut",
      "body /message",
      `"Credential should be scoped to correct service: 'execute-api'. "`,
      `"Credential should be scoped to correct service: 'apigateway'. "`,
    ],
    [
      "the region alone",
      withText((text) => text.replace(/(?<=region\. ).*(?="})/, "")),
      "wrong-region-and-service/ApiSubjectsByIdPut",
      "body /message",
      `"Credential should be scoped to a valid region. Credential should be scoped to correct service: 'execute-api'. "`,
      '"Credential should be scoped to a valid region. "',
    ],
    [
      "the key that it does not know",
      withText((text) => text.replace("included in the request", "AKIAI44QH8DHBEXAMPLE")),
      "unknown-access-key/ApiSubjectsByIdPut",
      "body /message",
      '"The security token included in the request is invalid."',
      '"The security token [access key] is invalid."',
    ],
    [
      "the hash of something else",
      withText((text) => text.replace(/'.*'/, "'none'")),
      "no-signature/ApiSubjectsByIdPut",
      "body /message",
      `"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '/e7CcfskVWpW2kJuVmRUax1FwHTFfILu4V+m2rGGBsk='."`,
      `"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'none'."`,
    ],
    [
      "the first of three sentences",
      withText(() => `{"message":"Authorization header requires 'Signature' parameter."}`),
      "incomplete/ApiSubjectsByIdPut",
      "body /message",
      `"Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=9LGi+UBRAJFm6QDlfrdZf5ZK+AaphH0igmhkPYPCDyE="`,
      `"Authorization header requires 'Signature' parameter."`,
    ],
    [
      "host without authority",
      withText((text) => text.replace(" or ':authority'", "")),
      "host-not-signed/ApiSubjectsByIdPut",
      "body /message",
      `"'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."`,
      `"'Host' must be a 'SignedHeader' in the AWS Authorization."`,
    ],
    [
      "no preflight origin",
      withHeader("access-control-allow-origin", undefined),
      "let-through/OPTIONS /subjects",
      "header access-control-allow-origin",
      "* or the origin that asks",
      "missing",
    ],
    [
      "a preflight without PUT",
      withHeader("access-control-allow-methods", "OPTIONS,DELETE"),
      "let-through/OPTIONS /subjects/{id}",
      "header access-control-allow-methods",
      "a list with PUT, DELETE, OPTIONS",
      '"OPTIONS,DELETE"',
    ],
    [
      "a preflight without the API key",
      withHeader("access-control-allow-headers", "Content-Type,Authorization,X-Amz-Date"),
      "let-through/OPTIONS /face/verify",
      "header access-control-allow-headers",
      "a list with authorization, x-amz-date, x-api-key, content-type",
      '"Content-Type,Authorization,X-Amz-Date"',
    ],
  ];
  test.each(rows)("%s", async (_, tamper, id, ...reported) => {
    expectMismatches((await run(id, tamper)).mismatches, id, reported);
  });

  describe("the times in a message", () => {
    const now = "20261123T120000Z";
    beforeAll(() => world.clock.set(Date.parse("2026-11-23T12:00:00Z")));
    test.each<[broken: string, sent: string, bound: string, now: string]>([
      ["another date than the one sent", "20261123T110001Z", "", ""],
      ["a window of fifteen minutes", "", "20261123T114500Z", ""],
      ["a bound on the other side", "", "20261123T120500Z", ""],
      ["a date that is none", "", "20261199T115500Z", ""],
      ["a time of another form", "", "", "12:00:00"],
    ])("%s", async (_, ...parts) => {
      const [sent, bound, at] = parts;
      const repeated = `Signature expired: ${sent || "20261123T110000Z"} is now earlier than ${bound || "20261123T115500Z"} (${at || now} - 5 min.)`;
      expectMismatches(
        (await run("expired/ApiSubjectsByIdPut", when(...parts))).mismatches,
        "expired/ApiSubjectsByIdPut",
        [
          "body /message",
          '"Signature expired: 20261123T110000Z is now earlier than T (N - 5 min.)" with T = N - 5 minutes',
          JSON.stringify(repeated),
        ],
      );
    });
  });

  describe("the canonical request in a message", () => {
    const path = "/v1/subjects/necidguid-fcdf-00eb-0000-0a0000ed0a0b";
    const id = "wrong-secret/ApiSubjectsByIdPut";
    test.each<[broken: string, alter: (message: string) => string, expected: string, actual: string]>([
      [
        "a path that lost the base path",
        (message) => message.replace("/v1/subjects", "/subjects"),
        `line 5 "${path}"`,
        `line 5 "${path.replace("/v1", "")}"`,
      ],
      ["another method", (message) => message.replace("'PUT", "'POST"), `line 4 "'PUT"`, `line 4 "'POST"`],
      [
        "the hash of another body",
        (message) => message.replace(/44136fa355b3678a\w*/, "e3b0"),
        `line 13 "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'"`,
        `line 13 "e3b0'"`,
      ],
      [
        "another API key",
        (message) => message.replace(/x-api-key:\w/, "x-api-key:X"),
        'line 10 "x-api-key:[not shown]"',
        'line 10 "x-api-key:[not shown]"',
      ],
      [
        "another scope",
        (message) => message.replace("execute-api/", "s3/"),
        'line 18 "20261123/ap-southeast-2/execute-api/aws4_request"',
        'line 18 "[39 characters]"',
      ],
      ["no string to sign", (message) => message.split("\n\nThe String")[0]!, 'line 14 ""', "no line 14"],
      ["a line more", (message) => `${message}\n`, "no line 21", 'line 21 ""'],
      [
        "other words",
        (message) => message.replace("Consult", "See"),
        'line 1 "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."',
        'line 1 "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. See the service documentation for details."',
      ],
    ])("%s", async (_, alter, expected, actual) => {
      const tamper = withText((text) => JSON.stringify({ message: alter(JSON.parse(text).message) }));
      expectMismatches((await run(id, tamper)).mismatches, id, ["body /message", expected, actual]);
    });
  });

  function expectMismatches(
    mismatches: Mismatch[],
    id: string,
    ...reported: [string, string, string][]
  ): void {
    const { operation } = checks.get(id)!;
    const location = mismatches[0]?.location ?? "";
    expect(mismatches).toEqual(
      reported.map(([instancePath, expected, actual]): Mismatch => {
        const message = `${operation}, ${location}: ${instancePath} should be ${expected}, but is ${actual}.`;
        return { operation, source: "probe", location, instancePath, expected, actual, message };
      }),
    );
  }
});

test("a session token is verified too", async () => {
  const credentials = { ...mock.credentials, sessionToken: "made-up/session+token==" };
  const guarded = await startMock({ credentials });
  const found = [];
  for (const id of refused)
    found.push(...(await checks.get(id)!.run(openTamperedSession(guarded))).mismatches);
  await guarded.close();
  expect(found).toEqual([]);
});

test("if everything is let through, nothing changes", async () => {
  const careless = await startMock({ auth: "off" });
  const statuses = new Map<string, number>();
  const session = openTamperedSession(careless, {
    tamper: async (planned, send) => {
      const response = await send();
      statuses.set(`${planned.purpose} ${planned.operation}`, response.status);
      return response;
    },
  });
  for (const id of refused) await checks.get(id)!.run(session);
  await careless.close();
  expect([...statuses.values()].filter((status) => status < 400)).toEqual([]);
});

test("no mismatch contains a key, even if the gateway repeats it", async () => {
  const repeating =
    (repeated: string): Tamper =>
    async (_, send) => {
      const response = await send();
      const body = JSON.stringify({
        message: `${repeated}${JSON.parse(response.body.toString() || "{}").message}`,
      });
      return {
        ...response,
        headers: [...response.headers, ["x-amzn-errortype", repeated]],
        body: Buffer.from(body),
      };
    };
  const secrets = [world.credentials.accessKeyId, ...world.apiKeys];
  const reported: string[] = [];
  for (const id of refused) {
    for (const repeated of secrets)
      reported.push(JSON.stringify(await run(id, repeating(repeated)).then(({ mismatches }) => mismatches)));
  }
  expect(secrets.filter((secret) => reported.join().includes(secret))).toEqual([]);
});

test("a contract without Signature V4 has no gateway to probe", () => {
  const { securitySchemes: _, ...components } = contract.components!;
  const plain = { ...contract, components };
  expect(probeChecks({ openapi: plain, operations: readOperations(plain) })).toEqual([]);
});
