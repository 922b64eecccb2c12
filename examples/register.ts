import { createClient } from "../contracts/necid/client.ts";

// One typed call to the mock that `npm start` serves. In your own project the import is
// `necid-contract-kit/client`.
const client = createClient({
  baseUrl: process.env.NECID_BASE_URL ?? "http://127.0.0.1:4010/v1",
  accessKeyId: process.env.NECID_ACCESS_KEY_ID ?? "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: process.env.NECID_SECRET_ACCESS_KEY ?? "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  apiKey: process.env.NECID_API_KEY ?? "necid-mock-application-key-0001",
});

const face = Buffer.from("necid-face:alice").toString("base64");
const { data, error, response } = await client.operations.ApiSubjectsPost({ body: { face } });
if (data) console.log(response.status, data.id, data.attributes.faceQualityScore);
else console.log(response.status, error);
