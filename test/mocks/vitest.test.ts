import { describe, expect, test } from "vitest";
import { createClient } from "../../contracts/necid/client.ts";
import { face } from "../../contracts/necid/faces/faces.ts";
import { useMock } from "../../mocks/vitest.ts";

const mocked = useMock();
const outside = (() => {
  try {
    return mocked.world.id;
  } catch (error) {
    return (error as Error).message;
  }
})();

const client = () => {
  const { url, credentials, apiKeys } = mocked.world;
  return createClient({ ...credentials, apiKey: apiKeys[0]!, baseUrl: url }).operations;
};

describe("useMock", () => {
  const worlds = new Set<string>();
  test.each([1, 2])("gives test %i a world in which nobody is registered", async () => {
    worlds.add(mocked.world.id);
    expect((await client().ApiFaceSearchPost({ body: { probe: face("alice") } })).response.status).toBe(404);
    expect((await client().ApiSubjectsPost({ body: { face: face("alice") } })).response.status).toBe(201);
    expect(mocked.world.journal.size).toBe(2);
  });

  test("shares one server between them", () => {
    expect(worlds.size).toBe(2);
    expect(mocked.world.url).toBe(mocked.mock.url);
  });

  test("says when a world is read outside a test", () => {
    expect(outside).toBe("world is there only while a test or a hook runs. Read it inside of one.");
  });
});
