import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runUpdate, type UpdateCommand } from "../../../tools/commands/update.ts";
import { workspace } from "../workspace.ts";

const contract = (properties: string, path = "/things/{id}") => `swagger: "2.0"
info: { title: Things, version: "1" }
host: example.com
basePath: /v1
paths:
  ${path}:
    get:
      operationId: getThing
      parameters:
        - { name: ${/\{(\w+)\}/.exec(path)![1]}, in: path, required: true, type: string }
      responses:
        "200":
          description: A thing.
          schema: { $ref: "#/definitions/Thing" }
definitions:
  Thing:
    type: object
    properties:
${properties}
`;
const name = "      name: { type: string }\n";
const size = "      size: { type: integer }\n";
const overlay = `overlay: 1.0.0
info: { title: What we know, version: "1" }
actions:
  - target: $.paths['/things/{id}'].get
    update: { summary: Get a thing }
  - target: $.components.schemas.Thing
    update: { required: [name] }
  - target: $.components.schemas.Thing.properties.name
    update: { type: string, minLength: 1 }
`;

async function project(vendor: string) {
  const { path, folder } = await openProject(vendor);
  const run = async (options: Partial<UpdateCommand> = {}) => {
    const said = { stdout: "", stderr: "" };
    const command = {
      file: path("vendor.yaml"),
      spec: path("spec.yaml"),
      overlay: path("spec.overlay.yaml"),
      out: join(folder, "generated/spec"),
      pact: [path("pact.json")],
      tests: path("things.test.ts"),
      ...options,
    };
    const code = await runUpdate(command, {
      stdout: (text) => {
        said.stdout += text;
      },
      stderr: (text) => {
        said.stderr += text;
      },
    });
    const shown = (text: string) => text.replaceAll(`${folder}/`, "");
    return { code, stdout: shown(said.stdout), stderr: shown(said.stderr) };
  };
  return { path, folder, run, state: () => filesIn(folder) };
}

async function openProject(vendor: string) {
  const { path } = await workspace({
    "spec.yaml": contract(name),
    "spec.overlay.yaml": overlay,
    "vendor.yaml": vendor,
    "things.test.ts": 'client.operations.getThing({ params: { path: { id: "1" } } });\n',
    "pact.json": JSON.stringify({
      interactions: [{ description: "get a thing", request: { method: "GET", path: "/v1/things/1" } }],
    }),
  });
  return { path, folder: path("").replace(/\/$/, "") };
}

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), "utf8"),
    ]),
  );
}

test("a new file takes the place of the old one, with all that is generated from it", async () => {
  const { path, run, state } = await project(contract(name + size));
  const { code, stdout, stderr } = await run();
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Corrections\n  3 of 3 still apply\n");
  expect(stdout).toMatch(/response-property-added/);
  const files = state();
  expect(files[path("spec.yaml")]).toBe(contract(name + size));
  const openapi = JSON.parse(files[path("generated/spec/openapi.json")]!);
  expect(Object.keys(openapi.components.schemas.Thing.properties)).toEqual(["name", "size"]);
  expect(JSON.stringify(files)).not.toContain(".update-");
  expect(readdirSync(path("generated"))).toEqual(["spec"]);
});

test("a breaking change lists the tests and the interactions that it affects", async () => {
  const query = "        - { name: q, in: query, required: true, type: string }\n      responses:";
  const { run } = await project(contract(name).replace("      responses:", query));
  const { stdout } = await run({ dryRun: true });
  expect(stdout).toContain("Tests that name an operation that changes\n  things.test.ts:1 getThing\n");
  expect(stdout).toContain("Interactions of pacts\n  pact.json: get a thing\n");
  expect(stdout).toMatch(/Nothing was changed \(--dry-run\)\.\n$/);
});

test("an action that matches nothing is told with the nearest key, and nothing changes", async () => {
  const { run, state } = await project(contract(name, "/things/{thingId}"));
  const before = state();
  const { code, stdout, stderr } = await run();
  expect(code).toBe(1);
  expect(stdout).toContain("  2 of 3 still apply\n");
  expect(stdout).toContain(
    "spec.overlay.yaml:4 target $.paths['/things/{id}'].get matches nothing. The base file may have changed; update or remove this action. Nearest: '/things/{id}' → '/things/{thingId}'.",
  );
  expect(stderr).toBe(
    "1 action of spec.overlay.yaml no longer apply: change or remove them, or give an overlay for the new file with --new-overlay.\nNothing was changed.\n",
  );
  expect(state()).toEqual(before);
});

test("an action that the vendor has made himself can go", async () => {
  const vendor = contract(name).replace(
    "operationId: getThing",
    "operationId: getThing\n      summary: Get a thing",
  );
  const { run } = await project(vendor);
  const { code, stdout } = await run({ dryRun: true });
  expect(code).toBe(0);
  expect(stdout).toContain(
    "spec.overlay.yaml:4 $.paths['/things/{id}'].get is made by the vendor; remove it",
  );
});

test.each<[what: string, vendor: string, stderr: RegExp]>([
  ["no YAML", "a: [", /^vendor\.yaml:\d+:\d+ .*\nNothing was changed\.\n$/s],
  ["empty", "", /^vendor\.yaml:1:1 The file is empty\.\nNothing was changed\.\n$/],
  ["an overlay", overlay, /^vendor\.yaml:1:1 This is an overlay\. /],
  ["a future version", "swagger: '3.0'", /^vendor\.yaml:1:\d+ .*\nNothing was changed\.\n$/],
])("%s is refused with its place, and nothing changes", async (_, vendor, expected) => {
  const { run, state } = await project(vendor);
  const before = state();
  const { code, stderr } = await run();
  expect([code, stderr]).toEqual([2, expect.stringMatching(expected)]);
  expect(state()).toEqual(before);
});

test("a file that is not there is refused", async () => {
  const { run } = await project("");
  const { code, stderr } = await run({ file: "/nowhere.yaml" });
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^could not update: ENOENT.*\nNothing was changed\.\n$/),
  ]);
});

test("faults of the vendor's file are reported with their places", async () => {
  const vendor = contract(name + size).replace("operationId: getThing", "operationId: Get");
  const { run } = await project(vendor);
  const { stdout } = await run({ dryRun: true });
  expect(stdout).toContain(
    "Faults of the file\n  vendor.yaml:8:20 The operationId Get of GET /things/{id} is only the name of a method.\n",
  );
});

test("the same file again is nothing to do", async () => {
  const { run } = await project(contract(name));
  expect(await run()).toEqual({
    code: 0,
    stdout: "vendor.yaml is the same as spec.yaml. Nothing is to be done.\n",
    stderr: "",
  });
});

test("from v1 to v1.1 of NEC ID and back, each with its overlay", async () => {
  const read = (file: string) => readFileSync(`spec/${file}`, "utf8");
  const { path } = await workspace({
    "spec.yaml": read("necid-v1.yaml"),
    "spec.overlay.yaml": read("necid-v1.overlay.yaml"),
  });
  const update = (version: string) =>
    runUpdate(
      {
        file: `spec/necid-${version}.yaml`,
        spec: path("spec.yaml"),
        overlay: path("spec.overlay.yaml"),
        newOverlay: `spec/necid-${version}.overlay.yaml`,
        out: path("generated/spec"),
        pact: [],
        tests: path("*.test.ts"),
      },
      { stdout: () => {}, stderr: () => {} },
    );
  for (const version of ["v1.1", "v1"]) {
    expect(await update(version)).toBe(0);
    expect(readFileSync(path("spec.overlay.yaml"), "utf8")).toBe(read(`necid-${version}.overlay.yaml`));
    const generated = JSON.parse(readFileSync(path("generated/spec/openapi.json"), "utf8"));
    const committed = JSON.parse(readFileSync(`generated/necid-${version}/openapi.json`, "utf8"));
    expect({ ...generated, "x-generated-by": "" }).toEqual({ ...committed, "x-generated-by": "" });
  }
}, 60_000);
