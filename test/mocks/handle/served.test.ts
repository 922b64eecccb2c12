import { describe, expect, onTestFinished, test } from "vitest";
import type { MockContract } from "../../../mocks/handle/handler.ts";
import { BasePathError, startMock } from "../../../mocks/mock.ts";
import { contractOf } from "../../../tools/commands/mock-spec.ts";
import { workspace } from "../../tools/workspace.ts";

const things = (basePath: string, name: string, more: object = {}) =>
  JSON.stringify({
    openapi: "3.1.0",
    info: { title: name, version: "1" },
    servers: [{ url: `https://example.com${basePath}` }],
    paths: {
      "/things": {
        get: {
          operationId: "listThings",
          responses: {
            200: {
              description: "Things.",
              content: { "application/json": { schema: { type: "object" }, example: { name } } },
            },
          },
        },
      },
    },
    ...more,
  });

async function serve(given: Record<string, string>) {
  const { path } = await workspace(given);
  const contracts: MockContract[] = [];
  for (const name of Object.keys(given)) contracts.push(await contractOf({ spec: path(name) }));
  const mock = await startMock({ contracts, auth: "off" });
  onTestFinished(() => mock.close());
  const ask = async (target: string) => {
    const response = await fetch(new URL(target, mock.url));
    return [response.status, await response.json()];
  };
  return { mock, ask, contracts };
}

describe("several contracts on one server", () => {
  test("each has its own base path, one within another and one at the root", async () => {
    const { mock, ask } = await serve({
      "root.json": things("", "root"),
      "a.json": things("/api", "a"),
      "b.json": things("/api/b", "b"),
    });
    const named = (name: string) => [200, { name }];
    expect(await ask("/things")).toEqual(named("root"));
    expect(await ask("/api/things")).toEqual(named("a"));
    expect(await ask("/api/b/things")).toEqual(named("b"));
    expect(Object.values(mock.urls).map((url) => new URL(url).pathname)).toEqual(["/", "/api", "/api/b"]);
  });

  test("operations of one name are told apart in journal and coverage, and one fault is for both", async () => {
    const { mock, ask } = await serve({ "a.json": things("/a", "a"), "b.json": things("/b", "b") });
    await ask("/a/things");
    expect(mock.coverage.report()).toEqual([
      { operation: "listThings", status: 200, documented: true, calls: 1 },
    ]);
    await ask("/b/things");
    expect(mock.journal.list().map(({ operation, contract }) => [operation, contract])).toEqual([
      ["listThings", undefined],
      ["listThings", "b.json"],
    ]);
    expect(mock.coverage.report()).toEqual([
      { operation: "listThings", status: 200, documented: true, calls: 1 },
      { operation: "listThings", status: 200, documented: true, calls: 1, contract: "b.json" },
    ]);
    mock.faults.add({ operation: "listThings", fault: { badGateway: true } });
    expect([(await ask("/a/things"))[0], (await ask("/b/things"))[0]]).toEqual([502, 502]);
  });

  test("two with one base path are refused", async () => {
    const { path } = await workspace({ "a.json": things("/v1", "a"), "b.json": things("/v1", "b") });
    const contracts = [
      await contractOf({ spec: path("a.json") }),
      await contractOf({ spec: path("b.json") }),
    ];
    await expect(startMock({ contracts })).rejects.toThrow(BasePathError);
    await expect(startMock({ contracts })).rejects.toThrow(
      "a.json and b.json both stand below /v1. Give one of them another base path: in Swagger its basePath, in OpenAPI its first server.",
    );
  });

  test("a reloaded contract takes the place of the one of its name", async () => {
    const { mock, ask, contracts } = await serve({
      "a.json": things("/a", "a"),
      "b.json": things("/b", "b"),
    });
    const { path } = await workspace({ "b.json": things("/c", "c") });
    mock.reload(await contractOf({ spec: path("b.json") }));
    expect([await ask("/a/things"), await ask("/c/things")]).toEqual([
      [200, { name: "a" }],
      [200, { name: "c" }],
    ]);
    expect((await ask("/b/things"))[0]).toBe(404);
    mock.reload(contracts[1]!);
    expect(await ask("/b/things")).toEqual([200, { name: "b" }]);
  });
});
