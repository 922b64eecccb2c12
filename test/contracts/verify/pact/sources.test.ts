import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPactBroker } from "../../../../contracts/verify/pact/broker.ts";
import { readPacts } from "../../../../contracts/verify/pact/sources.ts";
import { startFakeBroker } from "./fake-broker.ts";

const pactOf = (name: string) => ({ consumer: { name }, provider: { name: "NEC ID" }, interactions: [] });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pacts-"));
  await writeFile(join(folder, "b.json"), JSON.stringify(pactOf("b")));
  await writeFile(join(folder, "a.json"), JSON.stringify(pactOf("a")));
  await writeFile(join(folder, "README.md"), "no pact");
});
afterAll(() => rm(folder, { recursive: true }));

it("reads files as given, folders by name, and URLs with a broker's credentials", async () => {
  const fake = await startFakeBroker({ pacts: [{ document: pactOf("web") }], authorization: "Bearer t" });
  const broker = openPactBroker({ baseUrl: fake.url, token: "t" });
  const pacts = await readPacts([join(folder, "b.json"), folder, `${fake.url}/pacts/0`], { broker });
  await fake.close();
  expect(pacts.map(({ consumer, source }) => [consumer, source])).toEqual([
    ["b", join(folder, "b.json")],
    ["a", join(folder, "a.json")],
    ["web", `${fake.url}/pacts/0`],
  ]);
});

it.each([
  ["/no/such/file", "/no/such/file does not exist. Give a pact of specification 2, 3 or 4."],
  ["test/contracts", "test/contracts holds no *.json. Give a pact of specification 2, 3 or 4."],
  [
    "http://ann:secret@127.0.0.1:9/p?token=x",
    "http://127.0.0.1:9/p cannot be reached. Give a pact of specification 2, 3 or 4.",
  ],
])("says what is wrong with %s", async (source, message) => {
  await expect(readPacts([source])).rejects.toThrow(message);
});
