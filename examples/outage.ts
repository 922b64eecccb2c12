import { createClient } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { startMock } from "necid-contract-kit/mock";

// How does your application behave while NEC ID is out of order? The service fails for one call: the client
// repeats a search, and never a registration.
const mock = await startMock();
const client = createClient({
  ...mock.credentials,
  apiKey: mock.apiKeys[0]!,
  baseUrl: mock.url,
  fetch: mock.fetch,
});

mock.faults.add({ when: { next: 1 }, fault: { badGateway: true } });
const search = await client.operations.ApiFaceSearchPost({ body: { probe: face("alice") } });
console.log("search", search.response.status);

mock.faults.add({ when: { next: 1 }, fault: { badGateway: true } });
const registration = await client.operations.ApiSubjectsPost({ body: { face: face("alice") } });
console.log("registration", registration.response.status, registration.error);

for (const { operation, status, faults } of mock.journal.list()) console.log(operation, status, ...faults);
await mock.close();
