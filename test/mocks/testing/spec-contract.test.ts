import { expect, test } from "vitest";
import { startMock } from "../../../mocks/testing/mock.ts";
import { workspace } from "../../tools/workspace.ts";

const described = (server: string, example: unknown) =>
  JSON.stringify({
    openapi: "3.1.0",
    info: { title: "Hello", version: "1" },
    servers: [{ url: server }],
    paths: {
      "/hello": {
        get: {
          responses: { 200: { description: "hi", content: { "application/json": { schema: {}, example } } } },
        },
      },
    },
  });
const overlay = JSON.stringify({
  overlay: "1.0.0",
  info: { title: "Other", version: "1" },
  actions: [
    {
      target: "$.paths['/hello'].get.responses['200'].content['application/json']",
      update: { example: { by: "overlay" } },
    },
  ],
});

test("startMock serves a description file", async () => {
  const { path } = await workspace({ "hello.json": described("https://hello.example/v1", { hello: 1 }) });
  await using mock = await startMock({ spec: path("hello.json") });
  const response = await fetch(`${mock.url}/hello`);
  expect([new URL(mock.url).pathname, response.status, await response.json()]).toEqual([
    "/v1",
    200,
    { hello: 1 },
  ]);
});

test("startMock serves several, each with its overlay", async () => {
  const { path } = await workspace({
    "one.json": described("https://hello.example/one", { hello: 1 }),
    "two.json": described("https://hello.example/two", { hello: 2 }),
    "overlay.json": overlay,
  });
  await using mock = await startMock({
    spec: [path("one.json"), path("two.json")],
    overlay: path("overlay.json"),
  });
  const read = async (name: string) => (await fetch(`${mock.urls[name]}/hello`)).json();
  expect([await read("one.json"), await read("two.json")]).toEqual([
    { hello: 1, by: "overlay" },
    { hello: 2 },
  ]);
});

test("options that do not go together are refused", async () => {
  await expect(startMock({ overlay: "more.yaml" })).rejects.toMatchObject({
    code: "MOCK_OPTION",
    option: "overlay",
  });
  await expect(startMock({ spec: "orders.yaml", contracts: [] })).rejects.toMatchObject({ option: "spec" });
});
