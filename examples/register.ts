import { createClient } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";

// One typed, signed call to the mock that `npm start` serves. The environment can name another service.
const client = createClient({
  baseUrl: process.env.NECID_BASE_URL ?? "http://127.0.0.1:4010/v1",
  accessKeyId: process.env.NECID_ACCESS_KEY_ID ?? "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: process.env.NECID_SECRET_ACCESS_KEY ?? "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  apiKey: process.env.NECID_API_KEY ?? "necid-mock-application-key-0001",
});

const { data, error, response } = await client.operations
  .ApiSubjectsPost({ body: { face: face("alice") } })
  .catch((failure: Error) => {
    // No response at all.
    console.error(failure.message);
    process.exit(1);
  });
if (data) console.log(response.status, data.id, data.attributes.faceQualityScore);
else console.error(response.status, error);
