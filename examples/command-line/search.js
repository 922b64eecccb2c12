import assert from "node:assert/strict";
import { createClient } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";

// `necid mock -- node search.js` sets these, and ends with this program.
const { NECID_BASE_URL, NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_API_KEY } = process.env;
const client = createClient({
  baseUrl: NECID_BASE_URL,
  accessKeyId: NECID_ACCESS_KEY_ID,
  secretAccessKey: NECID_SECRET_ACCESS_KEY,
  apiKey: NECID_API_KEY,
});
const registered = await client.POST("/subjects", { body: { face: face("alice") } });
const found = await client.POST("/face/search", { body: { probe: face("alice", { photo: 2 }) } });
assert.equal(found.data.candidates[0].id, registered.data.id);
