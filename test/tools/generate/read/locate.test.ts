import { expect, it } from "vitest";
import { buildContract } from "../../../../tools/generate/read/contract.ts";
import { workspace } from "../../workspace.ts";

const spec = `openapi: 3.1.0
info: { title: T, version: "1" }
paths:
  /a:
    get:
      parameters: [{ name: q, in: query, schema: { type: string } }]
      responses: { "200": { description: ok } }
`;
const overlay = `overlay: 1.1.0
info: { title: T, version: "1" }
actions:
  - target: $.paths
    update:
      /a:
        get:
          summary: A
          responses:
            "404": { description: none }
  - target: $.paths['/a'].get.responses['200']
    update: { description: fine }
`;

it.each([
  ["/paths/~1a/get/summary", "overlay.yaml:8:11", "overlay.yaml:8:11"],
  ["/paths/~1a/get/responses/404/description", "overlay.yaml:10:22", "overlay.yaml:10:22"],
  ["/paths/~1a/get/responses/200/description", "overlay.yaml:12:15", "overlay.yaml:12:15"],
  // An object was first written in the base file, and last changed by the overlay.
  ["/paths/~1a/get", "spec.yaml:5:5", "overlay.yaml:7:9"],
  // What the overlay does not touch stays in the base file, although the overlay changes what is around it.
  ["/paths/~1a/get/parameters/0/schema", "spec.yaml:6:42", "spec.yaml:6:42"],
  ["/paths/~1a/get/tags", undefined, "overlay.yaml:7:9"],
])("%s is located", async (pointer, written, problem) => {
  const { path } = await workspace({ "spec.yaml": spec, "overlay.yaml": overlay });
  const contract = await buildContract({ spec: path("spec.yaml"), overlay: path("overlay.yaml") });
  const show = (place?: { file: string; line: number; column: number }) =>
    place && `${place.file.split("/").at(-1)}:${place.line}:${place.column}`;
  const tokens = pointer
    .split("/")
    .slice(1)
    .map((token) => token.replace("~1", "/"));
  expect(show(contract.locate(tokens))).toBe(written);
  expect(show(contract.locateProblem(pointer, "bad"))).toBe(problem);
});
