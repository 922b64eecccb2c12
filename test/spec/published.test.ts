import { describe, expect, test } from "vitest";
import { at, contract, entries, type Json, type JsonObject, operations, published } from "./contract.ts";

describe("the published file adds nothing to what the vendor publishes", () => {
  test("no operation takes anything but what stands in its path", () => {
    const parameters = operations(published).flatMap(
      ({ operation }) => (operation.parameters ?? []) as Json[],
    );
    expect(parameters).toEqual(Array(3).fill({ name: "id", in: "path", required: true, type: "string" }));
  });

  test("the definitions have no required property, bound, pattern, enum or example", () => {
    const keywords = new Set<string>();
    const collect = (schema: Json): void => {
      for (const [keyword, value] of entries(schema)) {
        keywords.add(keyword);
        if (keyword === "items") collect(value);
        if (keyword === "properties") for (const [, property] of entries(value)) collect(property);
      }
    };
    for (const [, schema] of entries(published.definitions)) collect(schema);
    expect([...keywords].sort()).toEqual(["$ref", "format", "items", "properties", "type"]);
  });

  test("either a signature or an API key will do, on what is signed", () => {
    const security = operations(published).map(({ operation }) => operation.security);
    const alternatives = [{ sigv4: [] }, { api_key: [] }];
    expect(security.filter(Boolean)).toEqual(Array(6).fill(alternatives));
  });

  test("the operations have the published ids and responses, health and OPTIONS no id", () => {
    const found = operations(published).map(({ path, method, operation }) => [
      `${method} ${path}`,
      [operation.operationId, ...Object.keys(operation.responses as JsonObject)],
    ]);
    expect(Object.fromEntries(found)).toEqual({
      "post /subjects": ["ApiSubjectsPost", "201"],
      "options /subjects": [undefined, "200"],
      "put /subjects/{id}": ["ApiSubjectsByIdPut", "200", "404"],
      "delete /subjects/{id}": ["ApiSubjectsByIdDelete", "204", "404"],
      "options /subjects/{id}": [undefined, "200"],
      "post /face/extract": ["ApiFaceExtractPost", "200", "404"],
      "options /face/extract": [undefined, "200"],
      "post /face/search": ["ApiFaceSearchPost", "200", "404"],
      "options /face/search": [undefined, "200"],
      "post /face/verify": ["ApiFaceVerifyPost", "200", "404"],
      "options /face/verify": [undefined, "200"],
      "get /health": [undefined, "200"],
      "options /health": [undefined, "200"],
    });
  });
});

describe("everything published is still in the effective contract", () => {
  test("address, title and version", () => {
    expect(at(contract, "servers")).toEqual([
      { url: `${(published.schemes as string[])[0]}://${published.host}${published.basePath}` },
    ]);
    expect(contract.info).toMatchObject(published.info as JsonObject);
  });

  test.each(operations(published))("$method $path", ({ path, method, operation }) => {
    const now = at(contract, "paths", path, method) as JsonObject;
    expect(now.operationId).toBe(operation.operationId);
    expect(Object.keys(now.responses as JsonObject)).toEqual(
      expect.arrayContaining(Object.keys(operation.responses as JsonObject)),
    );
    for (const { type, ...parameter } of (operation.parameters ?? []) as JsonObject[]) {
      expect(now.parameters).toContainEqual(
        expect.objectContaining({ ...parameter, schema: expect.objectContaining({ type }) }),
      );
    }
  });

  test.each(
    operations(published).flatMap(({ path, method, operation }) =>
      entries(operation.responses)
        .filter(([, response]) => at(response, "schema") !== undefined)
        .map(([status, response]) => ({ path, method, status, schema: at(response, "schema") })),
    ),
  )("the body of $status of $method $path", ({ path, method, status, schema }) => {
    expect(
      at(contract, "paths", path, method, "responses", status, "content", "application/json", "schema"),
    ).toEqual(moved(schema!));
  });

  test.each(entries(published.definitions))("the definition %s with every property", (name, definition) => {
    const now = at(contract, "components", "schemas", name);
    expect(now).toMatchObject(moved(definition, name) as JsonObject);
  });

  test("the security schemes", () => {
    expect(at(contract, "components", "securitySchemes")).toMatchObject(
      published.securityDefinitions as JsonObject,
    );
  });
});

/** A published schema as it must read now: its references point to where OpenAPI keeps schemas. */
function moved(schema: Json, name?: string): Json {
  const text = JSON.stringify(schema).replaceAll("#/definitions/", "#/components/schemas/");
  const items = '"items":{"$ref":"#/components/schemas/Attributes"}';
  // The one contradiction that the overlay decides against the published file.
  const documented = '"items":{"$ref":"#/components/schemas/ExtractedFace"}';
  return JSON.parse(name === "ExtractResult" ? text.replace(items, documented) : text);
}
