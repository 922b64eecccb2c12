import { readFile } from "node:fs/promises";
import { expect, it, test } from "vitest";
import { generate } from "../../../../tools/generate/generate.ts";
import { workspace } from "../../workspace.ts";

const swagger = `swagger: "2.0"
info: { title: T, version: "1" }
paths:
  /things/{id}:
    get:
      operationId: readThing
      parameters:
        - { name: id, in: path, required: true, type: string }
      produces: [application/json]
      responses:
        200:
          description: ok
          headers:
            X-Left:
              type: integer
          schema:
            $ref: "#/definitions/Thing"
definitions:
  Thing:
    type: object
    properties:
      id:
        type: string
      size:
        type: integer
      parts:
        type: array
        items:
          type: string
`;

const overlay = `overlay: 1.0.0
info: { title: More, version: "1" }
actions:
  - target: $.components.schemas
    update:
      Thing:
        required: [id]
        properties:
          id:
            pattern: ^a
          title:
            type: string
            description: a name, not a description
  - target: $.components.schemas.Thing.properties[*]
    update:
      x-seen: true
  - target: $.components.schemas.Thing.properties.id.pattern
    remove: true
  - target: $.components.schemas.Thing.properties.id
    update:
      pattern: ^b
  - target: $.components.schemas.Thing.properties.parts.items
    remove: true
  - target: $.components.schemas.Thing.properties.parts
    update:
      items:
        type: integer
  - target: $.paths[*][*].responses
    update:
      "404":
        description: not there
`;

async function sourcesOf(files: Record<string, string>) {
  const { path } = await workspace(files);
  const completion = "overlay.yaml" in files ? path("overlay.yaml") : undefined;
  await generate({ spec: path("spec.yaml"), overlay: completion, out: path("out") });
  const written = JSON.parse(await readFile(path("out/sources.json"), "utf8"));
  const { "x-generated-by": _, ...sources } = written;
  return sources;
}

test("a constraint is located where an object was first, and a keyword last, written", async () => {
  const schema = "/components/schemas/Thing";
  const responses = "/paths/~1things~1{id}/get/responses";
  expect(await sourcesOf({ "spec.yaml": swagger, "overlay.yaml": overlay })).toEqual({
    "/paths/~1things~1{id}": "spec.yaml:4:3",
    "/paths/~1things~1{id}/get": "spec.yaml:5:5",
    [responses]: "spec.yaml:10:7",
    [`${responses}/200`]: "spec.yaml:11:9",
    [`${responses}/200/headers/X-Left`]: "spec.yaml:14:13",
    [`${responses}/404`]: "overlay.yaml:30:7",
    [schema]: "spec.yaml:19:3",
    [`${schema}/type`]: "spec.yaml:20:5",
    [`${schema}/required`]: "overlay.yaml:7:9",
    [`${schema}/properties/id`]: "spec.yaml:22:7",
    [`${schema}/properties/id/type`]: "spec.yaml:23:9",
    [`${schema}/properties/id/pattern`]: "overlay.yaml:21:7",
    [`${schema}/properties/size`]: "spec.yaml:24:7",
    [`${schema}/properties/size/type`]: "spec.yaml:25:9",
    [`${schema}/properties/parts`]: "spec.yaml:26:7",
    [`${schema}/properties/parts/type`]: "spec.yaml:27:9",
    [`${schema}/properties/parts/items`]: "overlay.yaml:26:7",
    [`${schema}/properties/parts/items/type`]: "overlay.yaml:27:9",
    [`${schema}/properties/title`]: "overlay.yaml:11:11",
    [`${schema}/properties/title/type`]: "overlay.yaml:12:13",
  });
});

it("without an overlay, every location is in the one file", async () => {
  const places = Object.values(await sourcesOf({ "spec.yaml": swagger })) as string[];
  expect(places.filter((place) => !/^spec\.yaml:\d+:\d+$/.test(place))).toEqual([]);
});
