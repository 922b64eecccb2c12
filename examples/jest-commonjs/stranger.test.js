const { afterEach, beforeEach, expect, test } = require("@jest/globals");
const { face } = require("necid-contract-kit/faces");
const { necIdMatchers, startWorld } = require("necid-contract-kit/mock");

expect.extend(necIdMatchers);

let necid;
beforeEach(async () => {
  necid = await startWorld();
});
afterEach(() => necid.close());

test("a stranger is refused", async () => {
  const { data: subject } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
  const answer = await necid.client.POST("/face/verify", { body: { id: subject.id, probe: face("bob") } });
  expect(answer).toMatchContract("verify", 404);
  expect(necid.journal).toHaveBeenCalledOperation("verify", { times: 1 });
});

test("the picture shows nobody", async () => {
  necid.next("search").answers("NoFace");
  const answer = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
  expect(answer).toMatchContract("search", 400);
});
