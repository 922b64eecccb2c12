import assert from "node:assert/strict";
import { test } from "node:test";
import { face } from "necid-contract-kit/faces";
import { startWorld } from "necid-contract-kit/mock";

test("a stranger is refused", async (t) => {
  const necid = await startWorld();
  t.after(() => necid.close());
  const { data: subject } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
  const answer = await necid.client.POST("/face/verify", { body: { id: subject.id, probe: face("bob") } });
  assert.equal(answer.response.status, 404);
});

test("a picture without a face is refused", async (t) => {
  const necid = await startWorld();
  t.after(() => necid.close());
  necid.next("search").answers("NoFace");
  const { error } = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
  assert.equal(error.errorType, "NoFace");
});
