import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createClient } from "../../contracts/necid/client.ts";
import { mockApiKeys, mockCredentials } from "../../mocks/world/credentials.ts";
import { mock, temporary } from "../tools/commands/terminal.ts";

type Wish = { args?: () => string[]; call?: (url: string) => Promise<unknown> };

const register = (url: string, secretAccessKey: string, headers = {}) =>
  createClient({ baseUrl: url, ...mockCredentials, secretAccessKey, apiKey: mockApiKeys[0]! }).POST(
    "/subjects",
    { body: { face: Buffer.from("necid-face:alice").toString("base64") }, headers },
  );
const registerRightly = (url: string) => register(url, mockCredentials.secretAccessKey);

/** What only those load that want it: what it is, how it is seen, and what wants it. */
const optional: [what: string, seen: RegExp, wish: Wish][] = [
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
    /^mocks\/prism\/(prism|responses|stock)\.ts$|\/(prism-\w+|ajv\/dist\/(?!runtime\/ucs2length)\w+)(\/|\.)/,
    { call: (url) => register(url, mockCredentials.secretAccessKey, { Prefer: "dynamic=true" }) },
  ],
  [
    "what keeps the state in a file",
    /^mocks\/world\/state-file\.ts$/,
    { args: () => ["--state", temporary("state.json")] },
  ],
  ["what writes log lines", /^mocks\/handle\/log\.ts$/, { args: () => [] }],
];

/** What no running mock wants. */
const never: [what: string, seen: RegExp][] = [
  [
    "the other verbs",
    /^tools\/(?!commands\/(necid|command-line|options|program|help|project-folder|terminal|mock)\.ts$)/,
  ],
  ["the client", /^contracts\/(client\/.*|signing\.ts|necid\/(client|faces\/(faces|create-png))\.ts)$/],
  ["the verification", /^contracts\/verify\//],
  [
    "other packages",
    /^node_modules\/(?!lru-cache\/dist\/esm\/node\/index\.min\.js$|@stoplight|ajv|ajv-formats\/dist\/formats\.js$)/,
  ],
  ["Node's WebSocket client, HTTP/2 and compression", /NativeModule (internal\/deps\/undici|http2|zlib)/],
];

/** What a mock loads up to its end, after its first answer and what is wished for besides. */
async function loadedBy({ args = () => ["--quiet"], call = registerRightly }: Wish = {}): Promise<string[]> {
  const record = temporary("loaded.json");
  const preload = new URL("record-loaded.ts", import.meta.url);
  const server = await mock(args(), { NODE_OPTIONS: `--import=${preload.href}`, RECORD_LOADED: record });
  await call(server.url);
  expect(await server.stop()).toBe(0);
  return JSON.parse(readFileSync(record, "utf8"));
}

test("the first answer loads nothing that it does not need", async () => {
  const loaded = await loadedBy();
  const superfluous = [...optional, ...never].map(([what, seen]) => [
    what,
    loaded.filter((name) => seen.test(name)),
  ]);
  expect(superfluous).toEqual(superfluous.map(([what]) => [what, []]));
});

test.each(optional)("%s is loaded when it is wanted", async (_, seen, wish) => {
  expect((await loadedBy(wish)).some((name) => seen.test(name))).toBe(true);
});

test("a start whose compiled code cannot be kept says nothing of it", async () => {
  const server = await mock([], { NODE_COMPILE_CACHE: "/dev/null/nowhere" });
  expect(await server.stop()).toBe(0);
  expect(server.text()).toMatch(/^http:.*Ctrl-C stops it\.\s+$/s);
});
