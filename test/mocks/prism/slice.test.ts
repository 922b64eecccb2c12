import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type OpenApi, readOperations } from "../../../contracts/openapi/operations.ts";
import { sliceOf } from "../../../mocks/prism/slice.ts";
import { strangeContract } from "../handle/strange-contract.ts";

const necId = JSON.parse(readFileSync("generated/necid-v1/openapi.json", "utf8")) as OpenApi;

test("a slice holds the one operation and what its references lead to, copied", () => {
  const slice = sliceOf(strangeContract, { method: "GET", path: "/nodes/{id}" });
  expect(slice).toMatchObject({ openapi: "3.1.0", servers: strangeContract.servers });
  const { schemas, securitySchemes, ...others } = slice.components as Record<string, object>;
  expect(Object.keys(slice.paths!)).toEqual(["/nodes/{id}"]);
  expect(Object.keys(slice.paths!["/nodes/{id}"]!)).toEqual(["parameters", "get"]);
  expect(Object.keys(schemas!)).toEqual(["Id", "Node", "Leaf", "Branch", "Problem"]);
  expect(securitySchemes).toEqual(strangeContract.components!.securitySchemes);
  expect(Object.entries(others).map(([name, room]) => [name, Object.keys(room)])).toEqual([
    ["parameters", ["id"]],
    ["responses", ["Gone"]],
    ["headers", ["Count"]],
    ["examples", ["leaf"]],
    ["requestBodies", []],
    ["links", ["self"]],
  ]);
  expect(slice.components!.schemas!.Node).not.toBe(strangeContract.components!.schemas!.Node);
});

test("a reference into a path brings that path along, and a callback nothing", () => {
  const slice = sliceOf(strangeContract, { method: "POST", path: "/nodes" });
  expect(Object.keys(slice.paths!)).toEqual(["/nodes", "/odd~path/{a b}"]);
  expect(Object.keys(slice.components!.schemas!)).not.toContain("OnlyCalledBack");
});

test.each([
  ["NEC ID", necId],
  ["a strange contract", strangeContract],
])("every reference of every slice of %s leads somewhere", (_, openapi) => {
  for (const operation of readOperations(openapi)) {
    const slice = sliceOf(openapi, operation);
    const lost = referencesOf(slice).filter((reference) => at(slice, reference) === undefined);
    expect([operation.key, lost]).toEqual([operation.key, []]);
  }
});

function referencesOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { $ref } = value as { $ref?: string };
  return [...($ref ? [$ref] : []), ...Object.values(value).flatMap(referencesOf)];
}

function at(document: unknown, reference: string): unknown {
  const tokens = reference.slice(2).split("/").map(decodeURIComponent);
  const names = tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  return names.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    document,
  );
}
