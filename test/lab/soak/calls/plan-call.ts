import { type Call, type Client, newPicture } from "./call.ts";
import { faceCalls } from "./face-calls.ts";
import { refusedCalls } from "./refused-calls.ts";
import { register, subjectCalls } from "./subject-calls.ts";

/** The mixed flow: every kind of call by its name. */
export const kinds = { ...subjectCalls, ...faceCalls, ...refusedCalls };

/** What a client does next, by the weights; with nothing to do it to, it registers somebody. */
export function planCall(client: Client): { kind: string; call: Call } {
  const kind = drawKind(client.random());
  const call = kinds[kind]!.plan(client);
  return call ? { kind, call } : { kind: "register", call: register(client, newPicture(client)) };
}

const total = Object.values(kinds).reduce((sum, { weight }) => sum + weight, 0);
let reached = 0;
const shares = Object.entries(kinds).map(([kind, { weight }]) => {
  reached += weight / total;
  return { kind, below: reached };
});

function drawKind(drawn: number): string {
  return shares.find(({ below }) => drawn < below)?.kind ?? "register";
}
