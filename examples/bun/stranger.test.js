import { afterAll, beforeAll, expect, test } from "bun:test";
import { face } from "necid-contract-kit/faces";
import { startWorld } from "necid-contract-kit/mock";

let necid;
beforeAll(async () => {
  necid = await startWorld();
});
afterAll(() => necid.close());

test("a stranger is refused", async () => {
  const { data: subject } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
  const answer = await necid.client.POST("/face/verify", { body: { id: subject.id, probe: face("bob") } });
  expect(answer.response.status).toBe(404);
});

test("a picture without a face is refused", async () => {
  necid.next("search").answers("NoFace");
  const { error } = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
  expect(error.errorType).toBe("NoFace");
});
