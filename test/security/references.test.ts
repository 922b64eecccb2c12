import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { collectResponses } from "../../mocks/prism/responses.ts";
import { runGenerate } from "../../tools/commands/generate.ts";

const canary = "canary-4f1d";

/** A description with one operation; the parts stand where a response, an extension or a schema is. */
function description({ response = "", media = "", schema = "", root = "" }): string {
  return `openapi: 3.0.3
info: { title: t, version: "1" }
paths:
  /a:
    get:
      operationId: a
      responses:
        "200":
          description: ok
          ${response}
          content:
            application/json:
              ${media}
              schema: { type: object, ${schema} }
${root}`;
}

/**
 * A folder with a description in `spec/`, a secret beside that folder, and a server. `run` generates, and gives all
 * that was printed or written.
 */
async function world(spec: string, files: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "references-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const put = async (name: string, text: string) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end(`{"secret":"${canary}"}`);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  await new Promise((resolve) => server.once("listening", resolve));
  const port = String((server.address() as AddressInfo).port);
  const filled = (text: string) => text.replaceAll("FOLDER", folder).replaceAll("PORT", port);

  await put("secret.json", `{"secret":"${canary}"}`);
  await put("spec/spec.yaml", filled(spec));
  for (const [name, text] of Object.entries(files)) await put(`spec/${name}`, filled(text));
  return {
    folder,
    async run(allowRefs: string[] = []) {
      let printed = "";
      const print = (text: string) => void (printed += text);
      const code = await runGenerate(
        { spec: join(folder, "spec/spec.yaml"), out: join(folder, "out"), allowRefs },
        { stdout: print, stderr: print, collectResponses },
      );
      const names = (await readdir(join(folder, "out")).catch(() => [])).sort();
      const texts = await Promise.all(names.map((name) => readFile(join(folder, "out", name), "utf8")));
      const openapi = texts[names.indexOf("openapi.json")];
      return {
        code,
        printed: printed.replaceAll(`${folder}/`, ""),
        leaked: [printed, ...texts].some((text) => text.includes(canary)),
        requests,
        openapi: openapi === undefined ? undefined : JSON.parse(openapi),
      };
    },
  };
}

const outside = "it leads out of the folder of the description";
const remote = "remote documents are not fetched";
const absolute = "it is an absolute path";

it.each<[place: string, parts: Parameters<typeof description>[0], at: string, reason: string]>([
  ["an example", { media: "example: { $ref: ../secret.json }" }, "13:32", outside],
  ["an example, by a file URL", { media: 'example: { $ref: "file://FOLDER/secret.json" }' }, "13:32", remote],
  ["an example, by HTTP", { media: 'example: { $ref: "http://127.0.0.1:PORT/" }' }, "13:32", remote],
  ["an example, without a scheme", { media: 'example: { $ref: "//127.0.0.1:PORT/" }' }, "13:32", remote],
  [
    "an example, by an absolute path",
    { media: 'example: { $ref: "FOLDER/secret.json" }' },
    "13:32",
    absolute,
  ],
  ["deep in an example", { media: "example: { a: [{ b: { $ref: ../secret.json } }] }" }, "13:43", outside],
  ["a named example", { media: "examples: { n: { value: { $ref: ../secret.json } } }" }, "13:47", outside],
  ["the place of a named example", { media: "examples: { n: { $ref: ../secret.json } }" }, "13:38", outside],
  ["an extension", { response: "x-a: { $ref: ../secret.json }" }, "10:24", outside],
  ["an extension of the root", { root: "x-a: { b: { $ref: ../secret.json } }" }, "15:19", outside],
  ["a default", { schema: "default: { $ref: ../secret.json }" }, "14:56", outside],
  ["an enum", { schema: "enum: [{ $ref: ../secret.json }]" }, "14:54", outside],
  ["a property", { schema: "properties: { a: { $ref: ../secret.json } }" }, "14:64", outside],
  ["a composed schema", { schema: "allOf: [{ $ref: ../secret.json }]" }, "14:55", outside],
  ["a header", { response: "headers: { X-A: { $ref: ../secret.json } }" }, "10:35", outside],
  ["a link", { response: "links: { l: { $ref: ../secret.json } }" }, "10:31", outside],
  [
    "the mapping of a discriminator",
    { schema: "discriminator: { propertyName: a, mapping: { b: ../secret.json } }" },
    "14:87",
    outside,
  ],
  [
    "the mapping of a discriminator, by HTTP",
    { schema: 'discriminator: { propertyName: a, mapping: { b: "http://127.0.0.1:PORT/b" } }' },
    "14:87",
    remote,
  ],
  ["an external value", { media: "examples: { n: { externalValue: ../secret.json } }" }, "13:47", outside],
  ["a link's operation", { response: "links: { l: { operationRef: ../secret.json } }" }, "10:39", outside],
  ["an example, by percent signs", { media: "example: { $ref: ..%2Fsecret.json }" }, "13:32", outside],
  [
    "an example, by percent signs twice",
    { media: "example: { $ref: below/%2e%2e/%2e%2e/secret.json }" },
    "13:32",
    outside,
  ],
  [
    "an example, by a folder below",
    { media: "example: { $ref: ./below/../../secret.json }" },
    "13:32",
    outside,
  ],
  [
    "an example, by a part of the file",
    { media: "example: { $ref: ../secret.json#/secret }" },
    "13:32",
    outside,
  ],
  [
    "an example, by another scheme",
    { media: "example: { $ref: 'FILE:FOLDER/secret.json' }" },
    "13:32",
    remote,
  ],
  ["an example, by data", { media: "example: { $ref: 'data:application/json,{}' }" }, "13:32", remote],
  [
    "an example, by a share of Windows",
    { media: "example: { $ref: '\\\\127.0.0.1\\secret.json' }" },
    "13:32",
    remote,
  ],
  [
    "an example, with a zero byte",
    { media: 'example: { $ref: "../secret.json\\u0000.json" }' },
    "13:32",
    outside,
  ],
])("a reference out of the folder is refused in %s", async (_, parts, at, reason) => {
  const { run } = await world(description(parts));
  const { printed, ...result } = await run();
  expect(result).toEqual({ code: 2, leaked: false, requests: 0, openapi: undefined });
  expect(printed).toContain(`spec/spec.yaml:${at} The `);
  expect(printed).toContain(`cannot be followed: ${reason}`);
  expect(printed.split("\n")).toHaveLength(2);
});

it.each<[way: string, files: Record<string, string>]>([
  ["a file with an example", { "a.yaml": "example: { $ref: ../secret.json }" }],
  ["a file with a reference", { "a.yaml": "allOf: [{ $ref: ../secret.json }]" }],
  [
    "a file in a folder below",
    { "a.yaml": "allOf: [{ $ref: b/b.yaml }]", "b/b.yaml": "$ref: ../../secret.json" },
  ],
  ["a file with a URL", { "a.yaml": 'allOf: [{ $ref: "http://127.0.0.1:PORT/" }]' }],
])("a reference out of the folder is refused by way of %s", async (_, files) => {
  const { run } = await world(description({ schema: "properties: { a: { $ref: a.yaml } }" }), files);
  const { printed, ...result } = await run();
  expect(result).toEqual({ code: 2, leaked: false, requests: 0, openapi: undefined });
  expect(printed).toMatch(/^spec\/\S+\.yaml:\d+:\d+ The \$ref /);
});

it.each(["example: { $ref: link.json }", "examples: { n: { $ref: link.json } }"])(
  "a symbolic link does not lead out of the folder: %s",
  async (media) => {
    const { folder, run } = await world(description({ media }));
    await symlink(join(folder, "secret.json"), join(folder, "spec/link.json"));
    expect(await run()).toMatchObject({ code: 2, leaked: false, openapi: undefined });
  },
);

it.each<[place: string, parts: Parameters<typeof description>[0]]>([
  ["an example", { media: "example: { $ref: below/a.json }" }],
  ["an extension", { response: "x-a: { $ref: below/a.json }" }],
  ["a schema", { schema: "properties: { a: { $ref: below/schema.yaml } }" }],
])("a file below the folder is bundled into %s", async (_, parts) => {
  const { run } = await world(description(parts), {
    "below/a.json": '{"note":"below"}',
    "below/schema.yaml": 'type: object\nexample: { $ref: "a.json" }\n',
  });
  const { code, openapi, printed } = await run();
  expect({ code, printed }).toMatchObject({ code: 0 });
  expect(JSON.stringify(openapi)).toContain('{"note":"below"}');
  expect(JSON.stringify(openapi)).not.toMatch(/"\$ref":"[^#]/);
});

it("--allow-refs opens one more folder", async () => {
  const { folder, run } = await world(description({ media: "example: { $ref: ../secret.json }" }));
  expect(await run([join(folder, "out")])).toMatchObject({ code: 2, leaked: false });
  expect(await run([folder])).toMatchObject({ code: 0, leaked: true });
});

it("an overlay brings in no references to files", async () => {
  const { folder } = await world(description({}));
  const overlay = join(folder, "spec/overlay.yaml");
  const actions = "$.paths['/a'].get.responses['200'].content['application/json']";
  await writeFile(
    overlay,
    `overlay: 1.0.0\ninfo: { title: t, version: "1" }\nactions:\n  - target: ${actions}\n    update: { example: { $ref: ../secret.json } }\n`,
  );
  let printed = "";
  const print = (text: string) => void (printed += text);
  const command = { spec: join(folder, "spec/spec.yaml"), overlay, out: join(folder, "out") };
  expect(await runGenerate(command, { stdout: print, stderr: print, collectResponses })).toBe(2);
  expect(printed.replaceAll(`${folder}/`, "")).toBe(
    'spec/overlay.yaml:5:26 The $ref "../secret.json" cannot be followed: only the description itself can be referred to here, by a # at the start.\n',
  );
});
