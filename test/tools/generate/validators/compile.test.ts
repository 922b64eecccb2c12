import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../../contracts/openapi/json.ts";
import type { ValidateFunction } from "../../../../contracts/openapi/validation.ts";
import * as generated from "../../../../generated/necid-v1/validators.js";
import { createRandom } from "../../../../mocks/random/random.ts";
import { createValidators } from "../../../../tools/generate/validators/compile.ts";
import { SchemaError } from "../../../../tools/generate/validators/schema-error.ts";
import { largeContract } from "../large-contract.ts";

const read = (name: string) => JSON.parse(readFileSync(`generated/necid-v1/${name}.json`, "utf8"));
const openapi = read("openapi");
const responses: Record<string, { statuses: Record<string, { body: Json }[]> }> =
  read("responses").operations;

/** Every validator of a pair of tables: its place, the written function, the function in memory. */
function pairsOf(
  written: unknown,
  made: unknown,
  place: string[] = [],
): [string, ValidateFunction, ValidateFunction][] {
  if (typeof written === "function")
    return [[place.join(" "), written as ValidateFunction, made as ValidateFunction]];
  if (typeof written !== "object" || written === null) return [];
  return Object.keys(written).flatMap((key) =>
    pairsOf((written as JsonObject)[key], (made as JsonObject)?.[key], [...place, key]),
  );
}

/** A value with one thing in it changed. */
function changed(value: Json, random: () => number): Json {
  const pick = <Item>(list: Item[]) => list[Math.floor(random() * list.length)]!;
  if (typeof value !== "object" || value === null || random() < 0.3)
    return pick<Json>([null, 7, -1, 1e12, 1.5, "", "text", "QUI=", true, [], {}, "2026-11-23T06:00:00Z"]);
  if (Array.isArray(value))
    return value.length > 0 ? value.map((item) => changed(item, random)) : [changed(null, random)];
  const key = pick(Object.keys(value).concat("strange"));
  const { [key]: item = null, ...rest } = value;
  return random() < 0.3 ? rest : { ...rest, [key]: changed(item, random) };
}

test("in memory, the validators of NEC ID give the results of the generated ones, errors and coerced values too", async () => {
  const made = await createValidators(openapi);
  const pairs = pairsOf({ ...generated }, made);
  expect(pairs.length).toBeGreaterThan(60);

  const random = createRandom("compile");
  const seeds: Json[] = Object.values(responses).flatMap(({ statuses }) =>
    Object.values(statuses).flatMap((list) => list.map(({ body }) => body ?? null)),
  );
  const texts: Json[] = [
    { id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b" },
    { id: "x", "x-amzn-requestid": "a" },
  ];
  const bodies: Json[] = [{ face: "QUI=" }, { probe: "QUI=", id: "x" }, { id: "x", threshold: 1 }];
  const values = [...seeds, ...texts, ...bodies].flatMap((seed) => [
    seed,
    ...Array.from({ length: 4 }, () => changed(seed, random)),
  ]);
  const refused = { same: 0, otherwise: [] as unknown[] };
  for (const [place, written, inMemory] of pairs) {
    for (const value of values) {
      const [one, two] = [structuredClone(value), structuredClone(value)];
      const want = [written(one), written.errors, one];
      const got = [inMemory(two), inMemory.errors, two];
      if (!isDeepStrictEqual(got, want)) refused.otherwise.push({ place, value, got, want });
      else if (!want[0]) refused.same += 1;
    }
  }
  expect(refused).toEqual({ same: expect.any(Number), otherwise: [] });
  expect(refused.same).toBeGreaterThan(1_000);
});

test("a schema is compiled when its validator is first read, and once", async () => {
  const contract = largeContract(40) as JsonObject;
  const { paths } = contract as { paths: Record<string, { get: JsonObject }> };
  const broken = { type: "string", enum: [] };
  paths["/group3s"]!.get.parameters = [{ name: "q", in: "query", schema: broken }];
  const validators = await createValidators(contract);

  expect(validators.parameters.listGroup1?.query?.({ limit: "5" })).toBe(true);
  expect(validators.parameters.listGroup1).toBe(validators.parameters.listGroup1);
  expect(validators.requestBody.addGroup1).toBe(validators.requestBody.addGroup1);
  expect(validators.requestBody.listGroup1).toBe(undefined);
  const readValidator = () => validators.parameters.listGroup3;
  for (let call = 0; call < 2; call++) {
    expect(readValidator).toThrow(SchemaError);
    expect(readValidator).toThrow("#/paths/~1group3s/get does not compile: enum must have non-empty array.");
  }
});
