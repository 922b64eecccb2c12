import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseDocument } from "../../../tools/generate/read/document.ts";
import { placeOf } from "../../../tools/update/place.ts";
import { workspace } from "../workspace.ts";

const swagger = (basePath?: string) =>
  JSON.stringify({
    swagger: "2.0",
    info: { title: "T", version: "1" },
    ...(basePath && { basePath }),
    paths: {},
  });
const openapi = (url: string) =>
  JSON.stringify({ openapi: "3.0.3", info: { title: "T", version: "1" }, servers: [{ url }], paths: {} });
const overlay = JSON.stringify({ overlay: "1.0.0", info: { title: "O", version: "1" }, actions: [] });

/** Where a file belongs among those of a folder. */
async function placed(files: Record<string, string>, vendor: string) {
  const { path } = await workspace({});
  mkdirSync(path("spec"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path(`spec/${name}`), text);
  const inFolder = (text: string) => text.replaceAll(path("spec"), "spec");
  try {
    const { spec, previous } = await placeOf(await parseDocument("vendor.json", vendor), path("spec"));
    return `${inFolder(previous)} → ${inFolder(spec)}`;
  } catch (error) {
    return inFolder((error as Error).message);
  }
}

const versions = {
  "api-v1.yaml": swagger("/v1"),
  "api-v1.overlay.yaml": overlay,
  "api-v2.yaml": swagger("/v2"),
};

test.each<[what: string, files: Record<string, string>, vendor: string, expected: string]>([
  ["the only contract", { "api.yaml": swagger("/v1") }, swagger("/v2"), "spec/api.yaml → spec/api.yaml"],
  ["the only contract at the root", { "api.yaml": swagger() }, openapi("/"), "spec/api.yaml → spec/api.yaml"],
  [
    "the contract with the base path",
    versions,
    openapi("https://x.example/v2/"),
    "spec/api-v2.yaml → spec/api-v2.yaml",
  ],
  ["the same file again", versions, swagger("/v2"), "spec/api-v1.yaml → spec/api-v2.yaml"],
  ["the first version again", versions, swagger("/v1"), "spec/api-v2.yaml → spec/api-v1.yaml"],
  ["a further version", versions, swagger("/v10"), "spec/api-v2.yaml → spec/api-v10.yaml"],
  ["a version in between", versions, swagger("/v1.1"), "spec/api-v1.yaml → spec/api-v1.1.yaml"],
  [
    "a first version",
    { "api-v1.json": swagger("/v1") },
    swagger("/v2"),
    "spec/api-v1.json → spec/api-v2.json",
  ],
  [
    "files that cannot be read beside the contract",
    { "api.yaml": swagger("/a"), "broken.yaml": "a: [", "notes.yaml": "just: notes" },
    swagger("/b"),
    "spec/api.yaml → spec/api.yaml",
  ],
  [
    "a version of one of several APIs",
    { "orders-v1.yaml": swagger("/orders/v1"), "users-v1.yaml": swagger("/users/v1") },
    swagger("/orders/v2"),
    "spec/orders-v1.yaml → spec/orders-v2.yaml",
  ],
  [
    "the same file of one of several APIs",
    { "orders-v1.yaml": swagger("/orders/v1"), "users-v1.yaml": swagger("/users/v1") },
    swagger("/orders/v1"),
    "spec/orders-v1.yaml → spec/orders-v1.yaml",
  ],
  [
    "several contracts",
    { "a.yaml": swagger("/a1"), "b.yaml": swagger("/b1") },
    swagger("/c"),
    "No contract in spec/ has the base path /c: spec/a.yaml, spec/b.yaml. Name the file that the new one takes the place of with --spec.",
  ],
  [
    "no contract",
    {},
    swagger("/c"),
    "There is no contract in spec/. Name the file that the new one takes the place of with --spec.",
  ],
])("%s", async (_, files, vendor, expected) => {
  expect(await placed(files, vendor)).toBe(expected);
});
