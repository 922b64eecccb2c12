import { load as parseYaml } from "js-yaml";
import { expect, it } from "vitest";
import type { JsonObject } from "../../../../contracts/openapi/json.ts";
import { readDocument } from "../../../../tools/generate/read/document.ts";
import { applyOverlay } from "../../../../tools/generate/read/overlay.ts";
import { workspace } from "../../workspace.ts";

/** Applies actions, given as YAML, to a document, given as YAML. */
async function apply(document: string, actions: string, version = "1.1.0") {
  const text = `overlay: ${version}\ninfo: { title: T, version: "1" }\nactions:\n${actions}`;
  const { path } = await workspace({ "overlay.yaml": text });
  const before = parseYaml(document) as JsonObject;
  const frozen = structuredClone(before);
  const { openapi } = await applyOverlay(before, await readDocument(path("overlay.yaml")));
  expect(before, "the input is not changed").toEqual(frozen);
  return openapi;
}

const table: [rule: string, given: { document: string; actions: string; version?: string }, want: string][] =
  [
    [
      "a property only in the target stays, one only in the update is inserted, a primitive is replaced",
      {
        document: "info: { title: a, version: b }",
        actions: "- { target: $.info, update: { title: c, x-d: e } }",
      },
      "info: { title: c, version: b, x-d: e }",
    ],
    [
      "objects merge all the way down",
      {
        document: "a: { b: { c: 1, d: 2 } }",
        actions: "- { target: $, update: { a: { b: { d: 3, e: 4 } } } }",
      },
      "a: { b: { c: 1, d: 3, e: 4 } }",
    ],
    [
      "arrays inside an update are concatenated",
      { document: "a: { tags: [x] }", actions: "- { target: $.a, update: { tags: [y, x] } }" },
      "a: { tags: [x, y, x] }",
    ],
    [
      "an object is appended to a target array",
      { document: "a: [{ n: 1 }]", actions: "- { target: $.a, update: { n: 2 } }" },
      "a: [{ n: 1 }, { n: 2 }]",
    ],
    [
      "a primitive is appended to a target array",
      { document: "a: [1]", actions: "- { target: $.a, update: 2 }" },
      "a: [1, 2]",
    ],
    [
      "an array is concatenated with a target array",
      { document: "a: [1]", actions: "- { target: $.a, update: [2, 3] }" },
      "a: [1, 2, 3]",
    ],
    [
      "in Overlay 1.0 an array is one entry for a target array",
      { document: "a: [1]", actions: "- { target: $.a, update: [2, 3] }", version: "1.0.0" },
      "a: [1, [2, 3]]",
    ],
    [
      "a primitive target is replaced",
      { document: "info: { title: a }", actions: "- { target: $.info.title, update: b }" },
      "info: { title: b }",
    ],
    [
      "null counts as a primitive",
      { document: "a: { b: 1, c: null }", actions: "- { target: $.a, update: { b: null, c: 2 } }" },
      "a: { b: null, c: 2 }",
    ],
    [
      "every match is updated, each with its own copy",
      {
        document: "paths: { /a: { get: {} }, /b: { get: {} } }",
        actions:
          "- { target: $.paths.*.get, update: { x: { y: [1] } } }\n- { target: \"$.paths['/a'].get.x.y\", update: 2 }",
      },
      "paths: { /a: { get: { x: { y: [1, 2] } } }, /b: { get: { x: { y: [1] } } } }",
    ],
    [
      "items are removed by what they are, wherever they stand",
      {
        document: "a: [{ n: x }, { n: y }, { n: x }, { n: z }, { n: x }]",
        actions: "- { target: \"$.a[?@.n == 'x']\", remove: true }",
      },
      "a: [{ n: y }, { n: z }]",
    ],
    [
      "primitive items are removed",
      {
        document: "tags: [a, dummy, b, dummy]",
        actions: "- { target: \"$.tags[?@ == 'dummy']\", remove: true }",
      },
      "tags: [a, b]",
    ],
    [
      "remove wins over update",
      { document: "a: { b: 1, c: 2 }", actions: "- { target: $.a.b, update: 3, remove: true }" },
      "a: { c: 2 }",
    ],
    [
      "a node and what is in it are removed together",
      { document: "a: { b: { c: 1 } }", actions: "- { target: $..*, remove: true }" },
      "{}",
    ],
    [
      "actions follow each other: what one removes the next may create again",
      {
        document: "a: { list: [1, 2] }",
        actions: "- { target: $.a.list, remove: true }\n- { target: $.a, update: { list: [3] } }",
      },
      "a: { list: [3] }",
    ],
    [
      "the standard's simple copy",
      {
        document: "paths: { /items: { get: { x: 1 } }, /some-items: { delete: { y: 1 } } }",
        actions: "- { target: '$.paths[\"/some-items\"]', copy: '$.paths[\"/items\"]' }",
      },
      "paths: { /items: { get: { x: 1 } }, /some-items: { delete: { y: 1 }, get: { x: 1 } } }",
    ],
    [
      "the standard's move",
      {
        document: "paths: { /items: { get: { x: 1 } }, /some-items: { delete: { y: 1 } } }",
        actions: [
          "- { target: $.paths, update: { /new-items: {} } }",
          "- { target: '$.paths[\"/new-items\"]', copy: '$.paths[\"/items\"]' }",
          "- { target: '$.paths[\"/items\"]', remove: true }",
        ].join("\n"),
      },
      "paths: { /some-items: { delete: { y: 1 } }, /new-items: { get: { x: 1 } } }",
    ],
    [
      "the standard's wildcards with a filter",
      {
        document:
          "paths: { /a: { get: { parameters: [{ name: filter, in: query }, { name: b, in: query }] } } }",
        actions:
          "- { target: $.paths.*.get, update: { x-safe: true } }\n- { target: \"$.paths.*.get.parameters[?@.name=='filter' && @.in=='query']\", update: { schema: { $ref: '#/s' } } }",
      },
      "paths: { /a: { get: { parameters: [{ name: filter, in: query, schema: { $ref: '#/s' } }, { name: b, in: query }], x-safe: true } } }",
    ],
    [
      "the standard's traits",
      {
        document:
          "paths: { /items: { get: { x-oai-traits: [paged] } }, /sub: { get: { x-oai-traits: [paged], parameters: [{ name: id }] } }, /other: { get: {} } }",
        actions:
          "- { target: \"$.paths[?(@.get['x-oai-traits'][?(@ == 'paged')])].get\", update: { parameters: [{ name: top }, { name: skip }] } }",
      },
      "paths: { /items: { get: { x-oai-traits: [paged], parameters: [{ name: top }, { name: skip }] } }, /sub: { get: { x-oai-traits: [paged], parameters: [{ name: id }, { name: top }, { name: skip }] } }, /other: { get: {} } }",
    ],
  ];

it.each(table)("%s", async (_, { document, actions, version }, want) => {
  expect(await apply(document, actions, version)).toEqual(parseYaml(want));
});
