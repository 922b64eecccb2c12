import { describe, expect, test } from "vitest";
import { workspace } from "../workspace.ts";
import { mock } from "./terminal.ts";

const spec = (basePath: string) =>
  JSON.stringify({
    swagger: "2.0",
    info: { title: basePath, version: "1" },
    basePath,
    paths: { "/hello": { get: { responses: { 200: { description: "A greeting." } } } } },
  });

describe("necid mock", () => {
  test("--spec twice serves both, and says where", async () => {
    const { path } = await workspace({ "a.json": spec("/a"), "b.json": spec("/b") });
    const server = await mock(["--spec", path("a.json"), "--spec", path("b.json")]);
    const { origin } = new URL(server.url);
    expect(server.text()).toContain(`${origin}/b answers for b.json\n`);
    const statuses = ["/a/hello", "/b/hello", "/c/hello"].map(
      async (at) => (await fetch(origin + at)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 404]);
    await server.stop();
  });

  test("without --spec it serves both versions of NEC ID", async () => {
    const server = await mock();
    const { origin } = new URL(server.url);
    expect(server.text()).toContain(`${origin}/v1.1 answers for necid-v1.1\n`);
    expect(await (await fetch(`${origin}/v1.1/health`)).json()).toEqual({ status: "OK" });
    await server.stop();
  });

  test.each([
    [["--overlay", "x.yaml"], "--overlay x.yaml has no --spec. Give one --spec for each --overlay"],
    [["--spec", "a.json", "--spec", "b.json"], "a.json and b.json both stand below /v1"],
  ])("%j is refused", async (args, message) => {
    const { path } = await workspace({ "a.json": spec("/v1"), "b.json": spec("/v1") });
    const given = args.map((arg) => (arg.endsWith(".json") ? path(arg) : arg));
    await expect(mock(given)).rejects.toThrow(message);
  });
});
