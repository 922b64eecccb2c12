import { createClient } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { startMock } from "necid-contract-kit/mock";

// An application that opens a door for registered people. What it asked the mock for becomes its pact: the contract
// that `necid verify --pact` and Pact's own Verifier hold a provider to. Its first argument is the file to write.
const mock = await startMock();
const { operations } = createClient({ baseUrl: mock.url, ...mock.credentials, apiKey: mock.apiKeys[0]! });

const { data: alice } = await operations.ApiSubjectsPost({ body: { face: face("alice") } });
await operations.ApiSubjectsPost({ body: { face: face("none") } });

await operations.ApiFaceSearchPost({ body: { probe: face("alice?photo=2"), limit: 1 } });
await operations.ApiFaceSearchPost({ body: { probe: face("stranger") } });

const id = alice!.id;
await operations.ApiFaceVerifyPost({ body: { id, probe: face("alice?photo=3") } });
await operations.ApiFaceVerifyPost({ body: { id, probe: face("stranger") } });

await operations.ApiSubjectsByIdDelete({ params: { path: { id } } });
await operations.ApiSubjectsByIdDelete({ params: { path: { id } } });

const pact = await mock.pact({ consumer: "door", file: process.argv[2] });
for (const { description } of pact.interactions) console.log(description);
await mock.close();
