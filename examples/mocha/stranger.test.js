import assert from "node:assert/strict";
import { face } from "necid-contract-kit/faces";
import { startWorld } from "necid-contract-kit/mock";

describe("a gate", () => {
  let necid;
  beforeEach(async () => {
    necid = await startWorld();
  });
  afterEach(() => necid.close());

  it("refuses a stranger", async () => {
    const { data: subject } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
    const answer = await necid.client.POST("/face/verify", { body: { id: subject.id, probe: face("bob") } });
    assert.equal(answer.response.status, 404);
  });

  it("refuses a picture without a face", async () => {
    necid.next("search").answers("NoFace");
    const { error } = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
    assert.equal(error.errorType, "NoFace");
  });
});
