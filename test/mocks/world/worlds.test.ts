import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../../contracts/necid/client.ts";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

test("500 parallel clients in 50 worlds: nobody sees another, nothing is lost, every id is its own", async () => {
  const worlds = Array.from({ length: 50 }, () => mock.world());
  const people = await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      live(worlds[index % 50]!, { person: `person${index}`, application: index % 2 }),
    ),
  );

  const ids = people.flatMap(({ registered }) => registered);
  expect(ids).toHaveLength(2000);
  expect(new Set(ids).size).toBe(2000);
  for (const { person, found, strangers } of people) {
    expect({ person, found: found.length, strangers }).toEqual({ person, found: 3, strangers: 0 });
  }
  for (const world of worlds) {
    const registrations = world.journal.list({ operationId: "ApiSubjectsPost" });
    expect(registrations.map(({ status }) => status)).toEqual(Array(40).fill(201));
    world.delete();
  }
  expect(mock.journal.size).toBe(0);
});

/** Registers four photos, unregisters one, and asks who is there, all at the same time as everybody else. */
async function live(
  world: ReturnType<Mock["world"]>,
  { person, application }: { person: string; application: number },
) {
  const { operations } = createClient({
    ...world.credentials,
    apiKey: world.apiKeys[application]!,
    baseUrl: world.url,
  });
  const photo = (number: number) => face(person, { photo: number });
  const registered = await Promise.all(
    [1, 2, 3, 4].map(
      async (number) => (await operations.ApiSubjectsPost({ body: { face: photo(number) } })).data!.id,
    ),
  );
  const [gone, ...kept] = registered;
  await operations.ApiSubjectsByIdDelete({ params: { path: { id: gone! } } });
  const { data } = await operations.ApiFaceSearchPost({ body: { probe: photo(5), limit: 50 } });
  const found = data!.candidates.map(({ id }) => id);
  const verified = await Promise.all(
    kept.map(
      async (id) => (await operations.ApiFaceVerifyPost({ body: { id, probe: photo(6) } })).response.status,
    ),
  );
  expect(verified).toEqual([200, 200, 200]);
  return { person, registered, found, strangers: found.filter((id) => !kept.includes(id)).length };
}

test("a thousand worlds cost little: a few kilobytes each, and nothing once deleted", async () => {
  const heap = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const before = heap();
  const worlds = Array.from({ length: 1000 }, () => mock.world());
  const each = (heap() - before) / 1000;
  expect(each).toBeLessThan(20_000);
  expect(
    new Set(worlds.flatMap(({ credentials, apiKeys }) => [credentials.accessKeyId, ...apiKeys])).size,
  ).toBe(3000);
  for (const world of worlds) world.delete();
  const { credentials, apiKeys, url } = worlds[0]!;
  const { operations } = createClient({ ...credentials, apiKey: apiKeys[0]!, baseUrl: url });
  const { response } = await operations.ApiSubjectsPost({ body: { face: face("alice") } });
  expect(response.status).toBe(403);
});
