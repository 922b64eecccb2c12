import { describe } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { expect, test, testWith } from "../../../mocks/testing/vitest.ts";

test("a stranger is refused", async ({ necid }) => {
  const { data: subject } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
  const answer = await necid.client.POST("/face/verify", { body: { id: subject!.id, probe: face("bob") } });
  expect(answer).toMatchContract("ApiFaceVerifyPost", 404);
});

describe("tests that run at the same time", () => {
  const worlds = new Set<string>();
  test.concurrent.for([1, 2, 3, 4])("have a world each: %i", async (number, { necid }) => {
    worlds.add(necid.id);
    for (let photo = 1; photo <= number; photo++) {
      await necid.client.POST("/subjects", { body: { face: face("alice", { photo }) } });
    }
    const found = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
    expect(found.data?.candidates).toHaveLength(number);
    expect(necid.journal).toHaveBeenCalledOperation("register", { times: number, status: 201 });
  });

  test("share one server", ({ necid }) => {
    expect(worlds.size).toBe(4);
    expect(necid.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  });
});

test("a retry takes no time, and signatures follow the world's clock", async ({ necid }) => {
  necid.clock.advance(3_600_000);
  necid.next("search").throttled().times(2);
  const started = performance.now();
  const answer = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
  expect(answer).toMatchContract("search", 404);
  expect(necid.journal).toHaveBeenCalledOperation("search", { times: 3 });
  expect(performance.now() - started).toBeLessThan(200);
});

test("a look-alike scores what its card says, just below the threshold or just at it", async ({ necid }) => {
  const { data: bob } = await necid.client.POST("/subjects", { body: { face: face("bob") } });
  const verify = (probe: string) => necid.client.POST("/face/verify", { body: { id: bob!.id, probe } });
  expect(await verify(face("alice?like=bob:6999"))).toMatchContract("verify", 404);
  expect((await verify(face("alice", { like: "bob:7000" }))).data?.score).toBe(7000);
  const found = await necid.client.POST("/face/search", {
    body: { probe: face("alice?like=bob:9000"), threshold: 9000 },
  });
  expect(found.data?.candidates).toEqual([{ id: bob!.id, score: 9000 }]);
});

test("a call without credentials is in the test's journal too", async ({ necid }) => {
  expect(await necid.client.GET("/health")).toMatchContract("health", 200);
  expect(necid.journal).toHaveBeenCalledOperation("health", { times: 1 });
});

test("an application in another process gets the world by its environment", ({ necid }) => {
  expect(necid.env).toEqual({
    NECID_BASE_URL: necid.url,
    NECID_ACCESS_KEY_ID: necid.credentials.accessKeyId,
    NECID_SECRET_ACCESS_KEY: necid.credentials.secretAccessKey,
    NECID_API_KEY: necid.apiKeys[0],
    NECID_API_KEY_2: necid.apiKeys[1],
  });
});

const quick = testWith({ client: { retries: 0 }, onUnhandled: "ignore" });

quick("options are set for the tests of a file", async ({ necid }) => {
  necid.next("search").throttled();
  await fetch(`${necid.url}/subject`);
  const answer = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
  expect(answer).toMatchContract("search", 429);
});
