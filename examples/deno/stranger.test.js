import assert from "node:assert/strict";
import { face } from "necid-contract-kit/faces";
import { startWorld } from "necid-contract-kit/mock";

Deno.test("a stranger is refused", async () => {
  await using necid = await startWorld();
  const { data: subject } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
  const answer = await necid.client.POST("/face/verify", { body: { id: subject.id, probe: face("bob") } });
  assert.equal(answer.response.status, 404);
});

Deno.test("a picture without a face is refused", async () => {
  await using necid = await startWorld();
  necid.next("search").answers("NoFace");
  const { error } = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
  assert.equal(error.errorType, "NoFace");
});
