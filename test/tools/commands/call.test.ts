import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { faceRoles } from "../../../contracts/necid/faces/roles.ts";
import type { ReceivedResponse } from "../../../contracts/verify/wire.ts";
import { runCommandLine } from "../../../tools/commands/command-line.ts";
import { type Arrival, openGate } from "../../contracts/verify/run/gate.ts";
import { closing, envOf, openMock, temporary, verify } from "../../contracts/verify/verifying.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

async function call(args: string[], env: Record<string, string | undefined> = {}) {
  const { terminal, printed } = recordedTerminal(env);
  const code = await runCommandLine(["call", ...args], terminal);
  return { code, ...printed };
}

describe("necid call", () => {
  test("signs a call of a face card, as another application, or wrong on purpose", async () => {
    const mock = await openMock();
    const env = envOf(mock);
    const to = ["--target", mock.url];
    const calls = [
      ["ApiSubjectsPost", ...to, "--body", '{"face":"{{face alice?photo=2}}"}'],
      ["ApiSubjectsPost", ...to, "--body", '{"face":"{{repeat A 41}}"}'],
      ["ApiFaceVerifyPost", ...to, "--body", '{"probe":"{{face alice}}","id":"1"}', "--application", "2"],
      ["ApiSubjectsByIdDelete", ...to, "--path", "/subjects/1"],
      ["GET /health", ...to, "--signing", "none"],
      ["GET /nowhere", ...to],
      ["ApiSubjectsPost", ...to, "--signing", "expired", "--body", "{}"],
      ["ApiSubjectsPost", ...to, "--header", "content-type: text/plain", "--body", "{}"],
    ];
    const responses = await Promise.all(calls.map((args) => call(args, env)));
    expect(responses.map(({ code, stdout }) => [code, stdout.split("\n")[0]])).toEqual(
      [201, 400, 404, 404, 200, 403, 403, 415].map((status) => [0, `HTTP ${status}`]),
    );
    for (const { stdout, stderr } of responses) {
      expect(stderr).toBe("");
      for (const secret of [env.NECID_SECRET_ACCESS_KEY, env.NECID_API_KEY]) {
        expect(stdout).not.toContain(secret);
      }
    }
  });

  test("saves the body of the response, for this user only", async () => {
    const file = temporary("health.json");
    const { code, stdout } = await call(["GET /health", "--save", file]);
    expect([code, readFileSync(file, "utf8")]).toEqual([0, '{"status":"OK"}']);
    expect(stdout).toContain('{"status":"OK"}');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const failed = await call(["GET /health", "--save", temporary("nowhere/health.json")]);
    expect([failed.code, failed.stderr]).toEqual([
      2,
      expect.stringMatching(/^The response came, but .*health\.json cannot be written \(ENOENT\)\.\n$/),
    ]);
  });

  const wrong: [args: string[], error: RegExp][] = [
    [["ApiSubjectPost"], /^The contract has no operation ApiSubjectPost\. Did you mean ApiSubjectsPost\?\n$/],
    [
      ["ApiSubjectsByIdDelete"],
      /^ApiSubjectsByIdDelete has the path \/subjects\/\{id\}\. Give it with --path/,
    ],
    [["GET /health", "--path", "health"], /^--path must begin with \//],
    [["GET /health", "--target", "http://127.0.0.1:1/v1"], /^No response came \(ECONNREFUSED\)\.\n$/],
    [["GET /health", "--target", "http://203.0.113.1/v1"], /would send keys and faces unencrypted/],
    [["GET /health", "--header", "none"], /^--header must be like 'name: value'/],
    [["GET /health", "--signing", "badly"], /Allowed choices are good, none, expired/],
    [["GET /health", "--timeout", "0"], /It must be a number above 0\./],
    [["ApiSubjectsPost", "--body", "@no.json"], /^no\.json cannot be read \(ENOENT\)\.\n$/],
    [["ApiSubjectsPost", "--body", "{{file no.jpg}}"], /^no\.jpg cannot be read \(ENOENT\)\.\n$/],
    [["ApiSubjectsPost", "--body", "{{face alice?photo=none}}"], /photo/],
    [["ApiSubjectsPost", "--body", "{{repeat AB 2}}"], /must be like \{\{repeat A 99\}\}/],
  ];
  test.each(wrong)("%j cannot be made", async (args, error) => {
    expect(await call(args)).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(error) });
  });
});

/** Changes a response of one operation. */
type Break = (response: ReceivedResponse, arrival: Arrival) => Partial<ReceivedResponse>;

const toPath =
  (path: string, change: Break): Break =>
  (response, arrival) =>
    arrival.path.startsWith(`/v1${path}`) ? change(response, arrival) : {};
const replaced =
  (from: string | RegExp, by: string): Break =>
  ({ body }) => ({ body: Buffer.from(body.toString().replace(from, by)) });
const header =
  (name: string, value: string): Break =>
  ({ headers }) => ({ headers: [...headers.filter(([known]) => known !== name), [name, value]] });
const bodyLacks = (name: string) => (arrival: Arrival) => !arrival.body.toString().includes(`"${name}"`);

/** Mocks that break one promise, and what the pasted line must show of it. */
const broken: [name: string, change: Break, shows: RegExp][] = [
  ["another member", toPath("/face/extract", replaced('"faceScore"', '"score"')), /"score":/],
  [
    "another media type",
    toPath("/face/search", header("content-type", "text/plain")),
    /^content-type: text\/plain$/m,
  ],
  [
    "a byte order mark",
    toPath("/face/verify", ({ body }) => ({ body: Buffer.concat([Buffer.from("\ufeff"), body]) })),
    /\ufeff|\\ufeff/,
  ],
  ["a number for a text", toPath("/subjects", replaced(/"left":"(\d+)"/, '"left":$1')), /"left":\d/],
  [
    "another status",
    toPath("/subjects", ({ status }) => (status === 201 ? { status: 200 } : {})),
    /^HTTP 200$/m,
  ],
  [
    "JSON that is cut off",
    toPath("/face/extract", ({ body }) => ({ body: body.subarray(0, -1) })),
    /[^}]\n$/,
  ],
  ["no error code", toPath("/face", replaced('"errorCode"', '"code"')), /"code":/],
  [
    "no body is taken for an error of the service",
    (_, { method, path, body }) =>
      method === "POST" && path === "/v1/face/search" && body.length === 0 ? { status: 500 } : {},
    /^HTTP 500$/m,
  ],
  [
    "no probe is taken for an error of the service",
    (_, arrival) =>
      arrival.path === "/v1/face/search" && arrival.body.length > 0 && bodyLacks("probe")(arrival)
        ? { status: 500 }
        : {},
    /^HTTP 500$/m,
  ],
  [
    "probe null is taken for an error of the service",
    (_, { path, body }) =>
      path === "/v1/face/verify" && body.toString().includes('"probe":null') ? { status: 500 } : {},
    /^HTTP 500$/m,
  ],
];

test.each(broken)("the printed line, pasted into a shell, shows again: %s", async (_, change, shows) => {
  const mock = await openMock();
  const env = envOf(mock);
  const gate = closing(
    await openGate(mock.url, {
      async respond(arrival, forward) {
        const response = await forward();
        return { ...response, ...change(response, arrival) };
      },
    }),
  );
  const { code, stdout, stderr } = await verify(gate.url, env, { part: ["schema"] });
  expect(code, stdout + stderr).toBe(1);
  const [, line = ""] = /^ {2}again {5}(npm run -s call -- .*)$/m.exec(stdout)!;
  expect(await paste(line, env)).toMatch(shows);
});

test("a picture of a folder is named by its file", async () => {
  const mock = await openMock();
  const env = envOf(mock);
  const gate = closing(
    await openGate(mock.url, {
      async respond({ path }, forward) {
        const response = await forward();
        return path === "/v1/face/extract" ? { ...response, status: 202 } : response;
      },
    }),
  );
  const faces = temporary("faces of it's");
  mkdirSync(faces);
  const { faceOfRole } = await import("../../../contracts/necid/faces/roles.ts");
  for (const role of faceRoles) {
    writeFileSync(resolve(faces, `${role}.png`), Buffer.from(faceOfRole(role), "base64"));
  }
  const { stdout } = await verify(gate.url, env, { part: ["schema"], faces });
  const line = /npm run -s call -- ApiFaceExtractPost .*/.exec(stdout)?.[0] ?? stdout;
  expect(line).toContain("alice-1.png");
  expect(await paste(line, env)).toMatch(/^HTTP 202$/m);
});

/** Runs a line in a shell, in this checkout. */
async function paste(line: string, env: Record<string, string | undefined>): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", line], {
    env: { ...env, PATH: process.env.PATH, NO_COLOR: "1", npm_config_update_notifier: "false" },
  });
  return stdout;
}
