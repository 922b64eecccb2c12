import { face } from "necid-contract-kit/faces";
import { expect, type TestWorld, testWith } from "necid-contract-kit/vitest";

// Without retries, a test sees what a single call is answered with.
const test = testWith({ client: { retries: 0 } });

const id = "necidguid-fcdf-49eb-9182-5a6825ed2a3b";
const register = ({ client }: TestWorld) => client.POST("/subjects", { body: { face: face("alice") } });
const search = ({ client }: TestWorld) => client.POST("/face/search", { body: { probe: face("alice") } });
const verify = ({ client }: TestWorld) => client.POST("/face/verify", { body: { id, probe: face("alice") } });

test("the picture shows nobody", async ({ necid }) => {
  necid.next("register").answers("NoFace");
  expect(await register(necid)).toMatchContract("register", 400);
});

test("the picture is too poor", async ({ necid }) => {
  necid.next("register").answers("PoorQuality");
  expect((await register(necid)).error).toMatchObject({ errorType: "PoorQuality", errorCode: 2002 });
});

test("nobody resembles the probe", async ({ necid }) => {
  expect(await search(necid)).toMatchContract("search", 404);
});

test("the subject is gone", async ({ necid }) => {
  const answer = await necid.client.DELETE("/subjects/{id}", { params: { path: { id } } });
  expect(answer).toMatchContract("unregister", 404);
});

test("the score is just at the threshold", async ({ necid }) => {
  necid.next("verify").answers(200, { id, score: 7000 });
  expect((await verify(necid)).data?.score).toBe(7000);
});

test("too many calls", async ({ necid }) => {
  necid.next("search").throttled();
  expect(await search(necid)).toMatchContract("search", 429);
});

test("the quota is used up", async ({ necid }) => {
  necid.next("search").exhausted();
  expect(await search(necid)).toMatchContract("search", 429);
});

test("the service takes too long", async ({ necid }) => {
  necid.next("search").timesOut();
  expect(await search(necid)).toMatchContract("search", 504);
});

test("the service is down", async ({ necid }) => {
  necid.next("register").fails();
  expect(await register(necid)).toMatchContract("register", 502);
});

test("the clock of this machine is wrong, and the client corrects it", async ({ necid }) => {
  necid.next("register").expiredSignature();
  expect(await register(necid)).toMatchContract("register", 201);
  expect(necid.journal).toHaveBeenCalledOperation("register", { times: 2 });
});

test("the connection breaks", async ({ necid }) => {
  necid.next("verify").drops();
  await expect(verify(necid)).rejects.toMatchObject({ code: "NETWORK" });
});

test("a proxy answers with half of a body", async ({ necid }) => {
  necid.next("verify").answers("NoFace");
  necid.next("verify").garbled();
  await expect(verify(necid)).rejects.toMatchObject({ code: "UNEXPECTED_RESPONSE" });
});
