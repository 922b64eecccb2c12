import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createClient } from "../../contracts/necid/client.ts";
import { mockApiKeys, mockCredentials } from "../../mocks/world/credentials.ts";
import { mock, temporary } from "../tools/commands/terminal.ts";

type Use = { args?: () => string[]; call?: (url: string) => Promise<unknown> };

const register = (url: string, secretAccessKey: string, headers = {}) =>
  createClient({ baseUrl: url, ...mockCredentials, secretAccessKey, apiKey: mockApiKeys[0]! }).POST(
    "/subjects",
    { body: { face: Buffer.from("necid-face:alice").toString("base64") }, headers },
  );
const registerRightly = (url: string) => register(url, mockCredentials.secretAccessKey);

function written(name: string, text: string): string {
  const file = temporary(name);
  writeFileSync(file, text);
  return file;
}

/** What is loaded by its first use only: its name, its files, and a use. */
const optional: [what: string, seen: RegExp, use: Use][] = [
  [
    "the control API",
    /^mocks\/control\/(?!(open|is)-control\.ts)/,
    { call: (url) => fetch(new URL("/__necid/health", url)) },
  ],
  [
    "what explains a wrong signature",
    /^mocks\/gateway\/(explain|mistakes)\.ts$/,
    { call: (url) => register(url, "wrong") },
  ],
  [
    "Prism",
    /^mocks\/prism\/(prism|responses|stock)\.ts$|\/prism-\w+(\/|\.)/,
    {
      args: () => ["--quiet", "--spec", "spec/necid-v1.yaml", "--overlay", "spec/necid-v1.overlay.yaml"],
      call: (url) => register(url, mockCredentials.secretAccessKey, { Prefer: "dynamic=true" }),
    },
  ],
  [
    "ajv",
    /^node_modules\/ajv\/dist\/(?!runtime\/ucs2length)/,
    {
      args: () => [
        "--faults",
        written("faults.json", '[{ "operation": "GET /health", "fault": { "malformed": true } }]'),
      ],
    },
  ],
  [
    "what keeps the state in a file",
    /^mocks\/world\/state-file\.ts$/,
    { args: () => ["--state", temporary("state.json")] },
  ],
  ["what writes log lines", /^mocks\/handle\/log\.ts$/, { args: () => [] }],
];

/** What no running mock loads. */
const never: [what: string, seen: RegExp][] = [
  // The options of the mock name the largest description, which the reader of files has.
  [
    "the other verbs",
    /^tools\/(?!commands\/(necid|command-line|mock|spec-options|reader\/\w[\w-]*)\.ts$|generate\/read\/file\.ts$)/,
  ],
  ["the client", /^contracts\/(client\/.*|signing\.ts|necid\/(client|faces\/(faces|create-png))\.ts)$/],
  ["the verification", /^contracts\/verify\//],
  [
    "other packages",
    /^node_modules\/(?!lru-cache\/dist\/esm\/index\.min\.js$|@stoplight|ajv|ajv-formats\/dist\/formats\.js$)/,
  ],
  ["Node's WebSocket client, HTTP/2 and compression", /NativeModule (internal\/deps\/undici|http2|zlib)/],
];

/** What a mock loads up to its end: after its first response and the given use. */
async function loadedBy({ args = () => ["--quiet"], call = registerRightly }: Use = {}): Promise<string[]> {
  const record = temporary("loaded.json");
  const preload = new URL("record-loaded.ts", import.meta.url);
  const server = await mock(args(), { NODE_OPTIONS: `--import=${preload.href}`, RECORD_LOADED: record });
  await call(server.url);
  expect(await server.stop()).toBe(0);
  return JSON.parse(readFileSync(record, "utf8"));
}

test("the first response loads nothing that it does not need", async () => {
  const loaded = await loadedBy();
  const superfluous = [...optional, ...never].map(([what, seen]) => [
    what,
    loaded.filter((name) => seen.test(name)),
  ]);
  expect(superfluous).toEqual(superfluous.map(([what]) => [what, []]));
});

test.each(optional)("%s is loaded by its first use", async (_, seen, use) => {
  expect((await loadedBy(use)).some((name) => seen.test(name))).toBe(true);
});

test("a start whose compiled code cannot be kept says nothing of it", async () => {
  const server = await mock([], { NODE_COMPILE_CACHE: "/dev/null/nowhere" });
  expect(await server.stop()).toBe(0);
  expect(server.text()).toMatch(/^http:.*Ctrl-C stops it\.\s+$/s);
});
