import { face } from "necid-contract-kit/faces";
import { expect, test } from "necid-contract-kit/vitest";

test("a stranger is refused", async ({ necid }) => {
  const { data: subject } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
  const answer = await necid.client.POST("/face/verify", { body: { id: subject!.id, probe: face("bob") } });
  expect(answer).toMatchContract("ApiFaceVerifyPost", 404);
});

// Each test has a gallery of its own, although all of them run at the same time.
test.concurrent.for(["alice", "bob", "carol", "dave"])("%s is found alone", async (name, { necid }) => {
  await necid.client.POST("/subjects", { body: { face: face(name) } });
  const found = await necid.client.POST("/face/search", { body: { probe: face(name, { photo: 2 }) } });
  expect(found.data?.candidates).toHaveLength(1);
  expect(necid.journal).toHaveBeenCalledOperation("register", { times: 1 });
});
