import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConfig, lint } from "@redocly/openapi-core";
import { describe, expect, test } from "vitest";
import { actions, at, contract, operations, published, warnings } from "./contract.ts";

describe("each action of the overlay", () => {
  const named = actions.map((action, index) => ({ index, ...action }) as (typeof actions)[number]);

  test.each(named)("$index $target states what it does and why", (action) => {
    expect(action.description).toMatch(/^[A-Z].+\.$/);
    expect(["documentation", "published", "assumption"]).toContain(action["x-evidence"]);
    expect("x-assumption" in action).toBe(action["x-evidence"] === "assumption");
  });

  test("that assumes something is listed in the README, and nothing else is", () => {
    const readme = readFileSync("spec/README.md", "utf8");
    const section = readme.split("### Written in the overlay")[1]!.split("\n###")[0]!;
    const listed = [...section.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
    const assumed = actions.flatMap((action) => (action["x-assumption"] ?? []) as string[]);
    expect(listed.toSorted()).toEqual([...new Set(assumed)].toSorted());
  });
});

describe("the effective contract", () => {
  test("has no warning", () => {
    expect(warnings).toEqual([]);
  });

  test("passes Redocly's strictest rules, but for what the vendor does not publish", async () => {
    const folder = mkdtempSync(join(tmpdir(), "necid-spec-"));
    const file = join(folder, "openapi.json");
    writeFileSync(file, JSON.stringify(contract));
    const config = await createConfig({ extends: ["recommended-strict"] });
    const problems = await lint({ ref: file, config }).finally(() => rmSync(folder, { recursive: true }));
    const nameless = operations(published).filter(({ operation }) => operation.operationId === undefined);
    expect(problems.map(({ ruleId, location }) => `${ruleId} ${location[0]?.pointer}`).sort()).toEqual(
      [
        "info-license #/info",
        ...nameless.map(
          ({ path, method }) =>
            `operation-operationId #/paths/${path.replaceAll("/", "~1")}/${method}/operationId`,
        ),
      ].sort(),
    );
  });

  test.each(operations(contract))("$method $path: signature and API key together, or nothing", (entry) => {
    const signed = at(published, "paths", entry.path, entry.method, "security") !== undefined;
    expect(entry.operation.security).toEqual(signed ? [{ sigv4: [], api_key: [] }] : []);
  });

  test("documents these statuses", () => {
    const statuses = operations(contract).map(({ path, method, operation }) => [
      `${method} ${path}`,
      Object.keys(operation.responses as object).join(" "),
    ]);
    expect(Object.fromEntries(statuses)).toEqual({
      "post /subjects": "201 400 403 413 415 429 500 502 504",
      "options /subjects": "200 413 429",
      "put /subjects/{id}": "200 400 403 404 413 415 429 500 502 504",
      "delete /subjects/{id}": "204 403 404 413 429 500 502 504",
      "options /subjects/{id}": "200 413 429",
      "post /face/extract": "200 400 403 404 413 415 429 500 502 504",
      "options /face/extract": "200 413 429",
      "post /face/search": "200 400 403 404 413 415 429 500 502 504",
      "options /face/search": "200 413 429",
      "post /face/verify": "200 400 403 404 413 415 429 500 502 504",
      "options /face/verify": "200 413 429",
      "get /health": "200 413 429 500 502 504",
      "options /health": "200 413 429",
    });
  });

  test("has no body on 204, 404 and OPTIONS", () => {
    const bodies = operations(contract).flatMap(({ path, method, operation }) =>
      Object.entries(operation.responses as object)
        .filter(
          ([status]) => status === "204" || status === "404" || (method === "options" && status === "200"),
        )
        .map(([status, response]) => [`${status} ${method} ${path}`, response.content]),
    );
    expect(bodies.filter(([, content]) => content !== undefined)).toEqual([]);
  });
});
