import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MatchersV3, Pact, PactV3 } from "@pact-foundation/pact";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pactChecks } from "../../../../contracts/verify/pact/checks.ts";
import { type Pact as ReadPact, readPact } from "../../../../contracts/verify/pact/pact.ts";
import { openPactVerifier } from "../../../../contracts/verify/pact/verifier.ts";
import { type OwnVerifier, openOwnVerifier } from "./own-verifier.ts";
import { openSession, pactOptions } from "./pact-world.ts";

/** Every matcher of pact-js: a value that matches, one that does not, and what our verification says was expected. */
type Row = [name: string, matcher: unknown, good: unknown, bad: unknown, expected: string, version?: 4];
const M = MatchersV3;
const rows: Row[] = [
  ["like text", M.like("0.5"), "1.5", 7, "a string"],
  ["like number", M.like(7), 8, "8", "a number"],
  ["like object", M.like({ a: "0.5" }), { a: "x", b: 1 }, [1], "an object"],
  ["eachLike", M.eachLike({ a: 1 }), [{ a: 2 }, { a: 3 }], [], "a list of 1 to any number"],
  ["eachLike, an item", M.eachLike("a"), ["b"], [1], "a string"],
  ["atLeastOneLike", M.atLeastOneLike("a"), ["b"], [], "a list of 1 to any number"],
  ["atLeastLike", M.atLeastLike("a", 2), ["b", "c"], ["b"], "a list of 2 to any number"],
  ["atMostLike", M.atMostLike("a", 2), ["b"], ["b", "c", "d"], "a list of 0 to 2"],
  ["constrainedArrayLike", M.constrainedArrayLike("a", 1, 2), ["b"], ["b", "c", "d"], "a list of 1 to 2"],
  ["boolean", M.boolean(true), false, "true", "true or false"],
  ["integer", M.integer(1), 2, 1.5, "an integer"],
  ["decimal", M.decimal(1.5), 2.5, 2, "a decimal number"],
  ["number", M.number(1), 2.5, "2", "a number"],
  ["string", M.string("x"), "y", null, "a string"],
  ["regex", M.regex("^a+$", "aa"), "aaa", "b", "text matching ^a+$"],
  ["equal", M.equal("x"), "x", "y", '"x"'],
  ["datetime", M.datetime("yyyy-MM-dd", "2026-01-31"), "2027-02-01", "x", "a date and time like yyyy-MM-dd"],
  ["time", M.time("HH:mm", "12:00"), "13:30", "noon", "a time like HH:mm"],
  ["date", M.date("yyyy-MM-dd", "2026-01-31"), "2027-02-01", "today", "a date like yyyy-MM-dd"],
  ["includes", M.includes("x"), "a x b", "a", 'text with "x"'],
  ["nullValue", M.nullValue(), null, 1, "null"],
  ["url", M.url2("http://a", ["b"]), "http://c/b", "http://a/c", "text matching .*(\\/b)$"],
  [
    "arrayContaining",
    M.arrayContaining(M.integer(1)),
    ["a", 2],
    ["a"],
    "a list with the items of the example",
  ],
  [
    "uuid",
    M.uuid(),
    "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4",
    "x",
    "text matching [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
  ],
  ["eachKeyLike", M.eachKeyLike("k", M.integer(1)), { other: 2 }, { k: "x" }, "an integer"],
  [
    "eachKeyMatches",
    M.eachKeyMatches({ kk: 1 }, [M.regex("^k+$", "k")] as never),
    { k: 1 },
    { x: 1 },
    "a key that is text matching ^k+$",
    4,
  ],
  [
    "eachValueMatches",
    M.eachValueMatches({ k: "a" }, [M.regex("^a+$", "a")] as never),
    { b: "aa" },
    { k: "b" },
    "text matching ^a+$",
    4,
  ],
  ["email", M.email("a@b.nz"), "c@d.nz", "x", "text matching"],
  ["iso8601Date", M.iso8601Date("2026-01-31"), "2027-02-01", "x", "text matching"],
  ["hexadecimal", M.hexadecimal("3F"), "3e", "xyz", "text matching"],
  ["ipv4Address", M.ipv4Address("127.0.0.1"), "10.0.0.1", "x", "text matching"],
  ["fromProviderState", M.fromProviderState(`\${id}`, "a"), "b", 7, "a string"],
  ["no matcher", "x", "x", "y", '"x"'],
];

let value: unknown;
let url: string;
let own: OwnVerifier;
const provider = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ value }));
});
const verifier = openPactVerifier();
const pacts = new Map<number, { document: Document; read: ReadPact }>();
type Document = { interactions: { description: string }[] };

beforeAll(async () => {
  provider.listen(0, "127.0.0.1");
  await once(provider, "listening");
  url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  own = await openOwnVerifier();
  for (const version of [3, 4]) pacts.set(version, await recorded(version));
});
afterAll(async () => {
  await Promise.all([own.close(), verifier.close(), once(provider.close(), "close")]);
});

describe.each([3, 4])("specification %i", (version) => {
  const own = rows.filter(([, , , , , only = version]) => only === version);

  it.each(own)("%s: both verifiers find the same", async (name, _, good, bad, expected) => {
    expect(await verified(version, { name, value: good })).toEqual({ ours: [], own: false });
    const found = await verified(version, { name, value: bad });
    expect(found).toMatchObject({ own: true });
    expect(found.ours.map((text) => (expected === "text matching" ? text.slice(0, 13) : text))).toEqual([
      expected,
    ]);
  });
});

it("the table has every matcher of pact-js", () => {
  const names = new Set(rows.map(([name]) => name.split(/[ ,]/)[0]));
  const others = [
    // Each is one of the table with a pattern of its own, or the older name of one.
    ...["ipv6Address", "iso8601DateTime", "iso8601DateTimeWithMillis", "iso8601Time", "rfc1123Timestamp"],
    ...["timestamp", "url2"],
    // They match the status and the whole body.
    ...["matchStatus", "contentType"],
    // They are no matchers.
    ...[
      "matcherValueOrString",
      "isStatusCodeMatcher",
      "isMatcher",
      "reify",
      "extractPayload",
      "validateExample",
    ],
  ];
  const functions = Object.entries(M).filter(([, member]) => typeof member === "function");
  expect(
    functions.map(([name]) => name).filter((name) => !names.has(name) && !others.includes(name)),
  ).toEqual([]);
});

async function verified(version: number, { name, value: given }: { name: string; value: unknown }) {
  value = given;
  const { document, read } = pacts.get(version)!;
  const [check] = pactChecks([read], { ...pactOptions, verifier }).filter(
    ({ interaction }) => interaction.description === name,
  );
  const { mismatches } = await check!.run(openSession({ url }));
  const interactions = document.interactions.filter(({ description }) => description === name);
  const found = await own.verify({ ...document, interactions }, { baseUrl: url, statesUrl: `${url}/states` });
  return { ours: mismatches.map(({ expected }) => expected), own: found.length > 0 };
}

/** Records the table with pact-js. */
async function recorded(version: number): Promise<{ document: Document; read: ReadPact }> {
  process.env.PACT_DO_NOT_TRACK = "true";
  const dir = await mkdtemp(join(tmpdir(), "necid-pact-"));
  const options = { consumer: "team", provider: "necid-v1", dir, logLevel: "error" as const };
  for (const [description, matcher, , , , only = version] of rows) {
    if (only !== version) continue;
    const call = async (server: { url: string }) => void (await fetch(`${server.url}/health`));
    const body = { value: matcher };
    if (version === 4) {
      await new Pact(options)
        .addInteraction()
        .uponReceiving(description)
        .withRequest("GET", "/health")
        .willRespondWith(200, (builder) => void builder.jsonBody(body as object))
        .executeTest(call);
    } else {
      await new PactV3(options)
        .uponReceiving(description)
        .withRequest({ method: "GET", path: "/health" })
        .willRespondWith({
          status: 200,
          headers: { "Content-Type": "application/json" },
          body: body as never,
        })
        .executeTest(call);
    }
  }
  const [file] = await readdir(dir);
  const text = await readFile(join(dir, file!), "utf8");
  await rm(dir, { recursive: true });
  return { document: JSON.parse(text), read: readPact(text, { source: "matchers.json" }) };
}
