import { expect, test } from "vitest";
import type { JsonObject } from "../../../../contracts/openapi/json.ts";
import { locateFailure } from "../../../../tools/generate/emit/locate-failure.ts";
import { SpecError } from "../../../../tools/generate/read/problem.ts";

const contract = {
  openapi: {
    openapi: "3.1.0",
    info: { title: "Two faults", version: "1" },
    paths: { "/a": { get: {} }, "/b": { get: { broken: true } } },
    webhooks: { later: { broken: true } },
    components: { schemas: { Sound: {} } },
  } as JsonObject,
  locateProblem: (pointer: string, message: string) => ({
    file: "api.yaml",
    line: 1,
    column: 1,
    message: `${pointer} ${message}`,
    severity: "error" as const,
  }),
};

/** As libraries do: it fails somewhere deep, and does not say where. */
function write(openapi: JsonObject): string {
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("broken" in value) throw new TypeError("Cannot create property 'default' on boolean 'false'\n  more");
    for (const item of Object.values(value)) walk(item);
  };
  if (
    Object.keys(openapi.paths as JsonObject).length > 1 &&
    Array.isArray((openapi.paths as JsonObject)["/a"])
  )
    walk({ broken: true });
  walk(openapi);
  return "written";
}

const reason = "The types cannot be written: Cannot create property 'default' on boolean 'false'.";
const { openapi } = contract;

const failures: [title: string, openapi: JsonObject, places: string[]][] = [
  ["the path", openapi, ["/paths/~1b"]],
  [
    "every component",
    {
      ...openapi,
      components: { schemas: { Bad: { broken: true }, Sound: {} }, responses: { Worse: { broken: true } } },
    },
    ["/components/responses/Worse", "/components/schemas/Bad"],
  ],
  ["the paths, where none fails alone", { ...openapi, paths: { "/a": [1], "/b": [2] } }, ["/paths"]],
];

test.each(failures)("what a library throws becomes a problem at %s", async (_, failing, places) => {
  const error = await locateFailure({ ...contract, openapi: failing }, "The types", write).catch((e) => e);
  expect(error).toBeInstanceOf(SpecError);
  expect((error as SpecError).problems.map(({ message }) => message)).toEqual(
    places.map((place) => `${place} ${reason}`),
  );
});

test("an error that has nothing to do with the contract is thrown as it is", async () => {
  const failing = () => Promise.reject(new Error("the engine is out"));
  await expect(locateFailure(contract, "The responses", failing)).rejects.toThrow(/^the engine is out$/);
});

test("what is written is returned", async () => {
  const sound = { ...openapi, paths: {}, webhooks: {} };
  expect(await locateFailure({ ...contract, openapi: sound }, "The types", write)).toBe("written");
});
