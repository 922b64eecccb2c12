import { mockApiKeys, mockCredentials } from "../../../../mocks/world/credentials.ts";
import type { Client } from "./call.ts";

/** What is now and then read of the control API while the flow goes on, and what is wrong with what it says. */
export const controlReads: { path: string; complaint(text: string, client: Client): string | undefined }[] = [
  { path: "/journal", complaint: journalComplaint },
  { path: "/journal?operationId=ApiFaceSearchPost&status=404", complaint: journalComplaint },
  { path: "/coverage", complaint: () => undefined },
  { path: "/state", complaint: stateComplaint },
];

const secrets = [mockCredentials.secretAccessKey, ...mockApiKeys];
const mostEntries = 1000;

function journalComplaint(text: string): string | undefined {
  const { entries } = JSON.parse(text) as { entries: { id: number }[] };
  if (entries.length > mostEntries) return `${entries.length} entries`;
  const first = entries[0]?.id ?? 0;
  if (entries.some(({ id }, place) => id < first + place || id >= first + mostEntries))
    return `ids that are not those of the last ${mostEntries} calls in their order`;
  return secrets.some((secret) => text.includes(secret)) ? "a secret" : undefined;
}

/** A client asks for nothing else meanwhile, so that all of its own subjects must be there. */
function stateComplaint(text: string, { own, gone }: Client): string | undefined {
  const missing = own.find(({ id }) => !text.includes(id));
  if (missing) return `no subject ${missing.id}`;
  const left = gone.find((id) => text.includes(id));
  return left === undefined ? undefined : `the subject ${left}, which was removed`;
}
