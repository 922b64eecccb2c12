import { face } from "../../../contracts/necid/faces/faces.ts";
import { expect, test } from "../../../mocks/testing/vitest.ts";

const body = { probe: face("alice") };

test("a result of the client matches, by the short name and by the key", async ({ necid }) => {
  const answer = await necid.client.POST("/face/search", { body });
  expect(answer).toMatchContract("search");
  expect(answer).toMatchContract("ApiFaceSearchPost", 404);
  expect(answer).not.toMatchContract("search", 200);
});

test("a response matches that nobody has read, and one that was read is refused", async ({ necid }) => {
  const unread = await fetch(`${necid.url}/health`);
  await expect(unread).toMatchContract("health", 200);
  await expect(async () => expect(unread).toMatchContract("health")).rejects.toThrow(
    "toMatchContract cannot read this Response, because it was read before. Pass a clone of it.",
  );
});

test("what does not match is named", async ({ necid }) => {
  necid.next("search").answers(200, { candidates: [{ id: 1, score: "high" }] }, { unchecked: true });
  const answer = await necid.client.POST("/face/search", { body });
  expect(() => expect(answer).toMatchContract("search", 404)).toThrow(
    "ApiFaceSearchPost 200 does not match the contract: the status is 200, not 404; body: must have required " +
      "property 'attributes'; body.candidates.0.id: must be string; body.candidates.0.score: must be integer.",
  );
  const undocumented = { response: new Response(null, { status: 418 }) };
  expect(() => expect(undocumented).toMatchContract("search")).toThrow("status 418 is not documented");
  expect(() => expect("404").toMatchContract("search")).toThrow(
    "toMatchContract takes a result of the client",
  );
});

test("the journal says which operations were called", async ({ necid }) => {
  await necid.client.POST("/face/search", { body });
  expect(necid.journal).toHaveBeenCalledOperation("search");
  expect(necid.journal).toHaveBeenCalledOperation("ApiFaceSearchPost", { times: 1, status: 404 });
  expect(necid.journal).not.toHaveBeenCalledOperation("register");
  const wrong = () => expect(necid.journal).toHaveBeenCalledOperation("search", { times: 2 });
  expect(wrong).toThrow(
    /^Expected calls of ApiFaceSearchPost 2 times, and there were 1\. The calls that the mock received:\n {2}POST \/v1\/face\/search \{"probe":"<\d+ bytes>"\} → 404$/,
  );
  expect(() => expect([]).toHaveBeenCalledOperation("search")).toThrow("takes a journal");
});
