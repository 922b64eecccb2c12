import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { mock, temporary, verb } from "./terminal.ts";

const post = async (url: string, body: object) => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json().catch(() => undefined) };
};
const write = (name: string, value: unknown) => {
  writeFileSync(temporary(name), typeof value === "string" ? value : JSON.stringify(value));
  return temporary(name);
};

describe("necid mock with files", () => {
  test("--seed-subjects registers from the start, --state keeps what was registered", async () => {
    const subjects = write("subjects.json", {
      1: ["alice", { id: "necidguid-0000-0000-0000-000000000001", face: "bob" }],
    });
    const state = temporary("state.json");
    const first = await mock(["--auth", "off", "--seed-subjects", subjects, "--state", state]);
    const bob = await post(`${first.url}/face/search`, { probe: face("bob") });
    expect(bob.body.candidates[0].id).toBe("necidguid-0000-0000-0000-000000000001");
    const { id } = (await post(`${first.url}/subjects`, { face: face("carol") })).body;
    await first.stop();
    expect(readFileSync(state, "utf8")).not.toContain(face("carol"));

    const second = await mock([
      "--auth",
      "off",
      "--seed-subjects",
      subjects,
      "--state",
      state,
      "--self-check",
    ]);
    const carol = await post(`${second.url}/face/verify`, { probe: face("carol"), id });
    expect(carol).toEqual({ status: 200, body: { id, score: 9999 } });
    // The seed is for a first start only: alice is there once.
    const alice = await post(`${second.url}/face/search`, { probe: face("alice") });
    expect(alice.body.candidates).toHaveLength(1);
    await second.stop();
  });

  test("--faults apply from the start", async () => {
    const faults = write("faults.json", [
      { operation: "ApiSubjectsPost", when: { next: 1 }, fault: { error: "NoFace" } },
    ]);
    const server = await mock(["--auth", "off", "--faults", faults]);
    const answers = [];
    for (let call = 0; call < 2; call++)
      answers.push((await post(`${server.url}/subjects`, { face: face("alice") })).status);
    expect(answers).toEqual([400, 201]);
    await server.stop();
  });

  test("--stateless answers by the examples", async () => {
    const server = await mock(["--auth", "off", "--stateless"]);
    const { body } = await post(`${server.url}/subjects`, { face: face("alice") });
    expect(body.id).toBe("necidguid-fcdf-49eb-9182-5a6825ed2a3b");
    await server.stop();
  });

  test.each([
    ["--faults", "not JSON", /faults: is not valid JSON: .+/],
    ["--faults", [{ fault: { error: "Nonsense" } }], /faults: .*Nonsense.*/],
    ["--seed-subjects", "{", /seed-subjects.* cannot be used: .* It must be a JSON file\./],
    ["--seed-subjects", { 3: ["alice"] }, /^subjects: \/3 .+ Nothing was loaded\./],
    ["--state", '{"version":2}', /state: \/version must be 1\. Nothing was loaded\./],
    ["--state", "half a fi", /state must be JSON\. Nothing was loaded\./],
  ])("%s with %j cannot run, and says where", async (option, value, message) => {
    const file = write(option.slice(2), value);
    const result = await verb(["mock", "--port", "0", option, file]);
    expect(result).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(message) });
    expect(result.stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("necid mock with options that have no effect together", () => {
  test.each([
    [
      ["--overlay", "missing.yaml"],
      "--overlay missing.yaml has no --spec. Give one --spec for each --overlay, in the same order.",
    ],
    [
      ["--spec", "spec/necid-v1.yaml", "--overlay", "missing.yaml"],
      "missing.yaml:1:1 The file is not there.",
    ],
    [
      ["--spec", "spec/necid-v1.yaml", "--seed-subjects", "s.json"],
      "--seed-subjects is about the subjects of NEC ID, and --spec serves a contract without any. Leave one of them out.",
    ],
    [
      ["--spec", "spec/necid-v1.yaml", "--state", "s.json"],
      "--state is about the subjects of NEC ID, and --spec serves a contract without any. Leave one of them out.",
    ],
    [
      ["--stateless", "--seed-subjects", "s.json"],
      "--stateless keeps no subjects, so --seed-subjects has no effect. Leave one of them out.",
    ],
    [
      ["--stateless", "--state", "s.json"],
      "--stateless keeps no subjects, so --state has no effect. Leave one of them out.",
    ],
  ])("%j cannot run, and says why", async (args, sentence) => {
    const result = await verb(["mock", "--port", "0", ...args]);
    expect(result).toEqual({ code: 2, stdout: "", stderr: `${sentence}\n` });
  });
});

describe("necid mock --watch", () => {
  const document = (name: string) => `swagger: "2.0"
info: { title: Shop, version: "1" }
paths:
  /pets:
    get:
      produces: [application/json]
      responses:
        "200":
          description: pets
          schema: { type: object }
          examples: { application/json: { name: ${name} } }
`;
  const nameAt = async (url: string) =>
    ((await (await fetch(`${url}/pets`)).json()) as { name: string }).name;

  test("serves a changed file, keeps the last good one when the change is broken, and says why", async () => {
    const spec = write("shop.yaml", document("Rex"));
    const server = await mock(["--spec", spec, "--watch"]);
    expect(await nameAt(server.url)).toBe("Rex");

    writeFileSync(spec, document("Bello"));
    await server.lineWith(/shop\.yaml: reloaded in \d/);
    expect(await nameAt(server.url)).toBe("Bello");

    writeFileSync(spec, `${document("Broken")}  - : [\n`);
    await server.lineWith(/shop\.yaml:\d+:\d+ .+\nThe last good contract is still served\./);
    expect(await nameAt(server.url)).toBe("Bello");

    writeFileSync(spec, document("Hasso"));
    await server.lineWith(/reloaded in [\s\S]*reloaded in/);
    expect(await nameAt(server.url)).toBe("Hasso");
    await server.stop();
  });
});
