import { setTimeout as after } from "node:timers/promises";
import { type Received, type Sent, tooLong } from "./connection.ts";
import type { Case } from "./requests/cases.ts";
import type { Server } from "./servers.ts";

type Start = () => Promise<Server>;
type OnResponses = (one: Case, ours: Received, prism: Received) => void;

/**
 * Starts both servers, sends both every request, a few at once, and ends them.
 *
 * Some requests end the process of stock Prism. Those that it was answering then, and any other that it
 * left without a response, are sent again one by one; the one that ends it alone too has status 0 and
 * `processEnded` for a response.
 */
export async function sendToBoth(
  cases: Case[],
  { ours: startOurs, prism: startPrism, signal }: { ours: Start; prism: Start; signal?: AbortSignal },
  answered: OnResponses,
): Promise<void> {
  const running = await allStarted([startOurs, startPrism]);
  const [ours] = running as [Server, Server];
  const rest = cases.values();
  try {
    while (true) {
      const suspects: Case[] = [];
      await Promise.all(Array.from({ length: 8 }, () => lane(suspects)));
      if (suspects.length === 0) return;
      for (const suspect of suspects) await sendAlone(suspect);
      await revive();
    }
  } finally {
    await Promise.all(running.map((server) => server.close()));
  }

  async function lane(suspects: Case[]): Promise<void> {
    // Not `for … of`: that would end the iterator for the next round.
    for (let next = rest.next(); !next.done; next = rest.next()) {
      signal?.throwIfAborted();
      const [own, stock] = await send(next.value);
      if (isLost(next.value, stock)) suspects.push(next.value);
      else answered(next.value, own, stock);
      if (suspects.length > 0) return;
    }
  }

  async function sendAlone(one: Case): Promise<void> {
    signal?.throwIfAborted();
    await revive();
    const [own, stock] = await send(one);
    const ended = stock.status === 0 && (await isGone(running[1]!));
    answered(one, own, ended ? { ...stock, body: Buffer.from(processEnded) } : stock);
  }

  function send({ sent }: Case): Promise<[Received, Received]> {
    const limit = leavesPrismSilent(sent) ? { timeoutMs: 250 } : {};
    return Promise.all([ours.send(sent), running[1]!.send({ ...sent, ...limit })]);
  }

  async function revive(): Promise<void> {
    if (!running[1]!.isDead()) return;
    await running[1]!.close();
    running[1] = await startPrism();
  }
}

export const processEnded = "no answer: the process ended";

/**
 * Stock Prism never answers a body that says that it is JSON and is not, and gives no final response where a
 * status below 200 is asked for.
 */
export function leavesPrismSilent(sent: Sent): boolean {
  const wishes = [sent.target, ...sent.headers.map(([name, value]) => `${name}: ${value}`)];
  return isUnreadable(sent) || wishes.some((wish) => /(^prefer: .*|__)code\s*=\s*"?1\d\d/i.test(wish));
}

function isUnreadable({ headers, body }: Sent): boolean {
  if (body === undefined || body.length === 0) return false;
  const type = headers.find(([name]) => /^content-type$/i.test(name))?.[1] ?? "";
  if (!/^application\/(json|[^;\s]+\+json)\s*(;|$)/i.test(type)) return false;
  try {
    // By a charset that it is not in, it cannot be read either.
    JSON.parse(
      new TextDecoder(/charset="?([^\s;"]+)/i.exec(type)?.[1] ?? "utf-8", { ignoreBOM: true }).decode(body),
    );
    return false;
  } catch {
    return true;
  }
}

/** All or, when one cannot start, none. */
async function allStarted(starts: Start[]): Promise<Server[]> {
  const results = await Promise.allSettled(starts.map((start) => start()));
  const servers = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = results.find((result) => result.status === "rejected");
  if (!failed) return servers;
  await Promise.all(servers.map((server) => server.close()));
  throw failed.reason;
}

/** Without a response where one was due, which may be another request's doing. */
function isLost({ sent }: Case, { status, body }: Received): boolean {
  return status === 0 && !(leavesPrismSilent(sent) && body.includes(tooLong));
}

/** A connection may break a moment before its process ends. */
async function isGone(server: Server): Promise<boolean> {
  for (let waited = 0; waited < 10_000 && !server.isDead(); waited += 10) await after(10);
  return server.isDead();
}
