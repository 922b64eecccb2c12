import { type Contract, erasePath, type Operation, type Server } from "../contract/contract.ts";
import { compareRequestBodies, compareResponses } from "./bodies.ts";
import { compareParameters } from "./parameters.ts";
import { createRecorders, type Difference, type Recorder } from "./recorder.ts";
import { compareSecurity } from "./security.ts";

/** Every difference between two contracts that share their pool, in the order of the old and then the new one. */
export function compareContracts(old: Contract, now: Contract): Difference[] {
  const { differences, recorderFor } = createRecorders(old);
  const whole = { old: ["paths"], new: ["paths"] };
  const [before, after] = alignPaths(old, now);
  if (before === old) compareServers(old.servers, now.servers, recorderFor("*", { old: [], new: [] }));
  else compareServers(hostsOf(old), hostsOf(now), recorderFor("*", { old: [], new: [] }));

  const paths = new Set(Array.from(after.operations.values(), ({ path }) => erasePath(path)));
  for (const [key, operation] of before.operations) {
    const other = after.operations.get(key);
    const name = (other ?? operation).name;
    const recorder = recorderFor(name, { old: operation.at, new: other?.at ?? whole.new });
    if (other) compareOperations(operation, other, recorder);
    else
      recorder.record({
        id: paths.has(erasePath(operation.path)) ? "operation-removed" : "path-removed",
        location: "operation",
      });
  }
  for (const [key, operation] of after.operations) {
    if (before.operations.has(key)) continue;
    recorderFor(operation.name, { ...whole, new: operation.at }).record({
      id: "operation-added",
      location: "operation",
    });
  }
  return differences;
}

function compareOperations(old: Operation, now: Operation, recorder: Recorder): void {
  compareIds(old, now, recorder);
  if (old.deprecated !== now.deprecated) {
    const id = now.deprecated ? "operation-deprecated" : "operation-no-longer-deprecated";
    recorder.record({ id, location: "operation" });
  }
  compareSecurity(old, now, recorder);
  compareParameters(old, now, recorder);
  compareRequestBodies(old, now, recorder);
  compareResponses(old, now, recorder);
}

function compareIds(
  { operationId: old, ...before }: Operation,
  { operationId: now, ...after }: Operation,
  recorder: Recorder,
): void {
  if (old === now) return;
  const id = old === undefined ? "added" : now === undefined ? "removed" : "changed";
  recorder.record({
    id: `operation-id-${id}`,
    location: "operation",
    facts: { old: old ?? "", new: now ?? "" },
    old: old === undefined ? before.at : [...before.at, "operationId"],
    new: now === undefined ? after.at : [...after.at, "operationId"],
  });
}

function compareServers(old: Server[], now: Server[], recorder: Recorder): void {
  const lost = old.filter(({ url }) => !now.some((other) => other.url === url));
  const won = now.filter(({ url }) => !old.some((other) => other.url === url));
  for (const server of lost) {
    const index = won.findIndex((other) => hostOf(other.url) === hostOf(server.url));
    const moved = index < 0 ? undefined : won.splice(index, 1)[0]!;
    const facts = { old: moved ? pathOf(server.url) : server.url, new: moved ? pathOf(moved.url) : "" };
    const id = moved ? "base-path-changed" : "server-removed";
    recorder.record({ id, location: "server", facts, old: server.at, new: moved?.at ?? now[0]!.at });
  }
  for (const server of won)
    recorder.record({
      id: "server-added",
      location: "server",
      facts: { new: server.url },
      old: old[0]!.at,
      new: server.at,
    });
  if (lost.length + won.length > 0 || old[0]!.url === now[0]!.url) return;
  const facts = { old: old[0]!.url, new: now[0]!.url };
  recorder.record({
    id: "default-server-changed",
    location: "server",
    facts,
    old: old[0]!.at,
    new: now[0]!.at,
  });
}

function hostOf(url: string): string {
  return /^[^:/]+:\/\/[^/]*/.exec(url)?.[0] ?? "";
}

function pathOf(url: string): string {
  return url.slice(hostOf(url).length) || "/";
}

function hostsOf({ servers }: Contract): Server[] {
  return servers.map(({ url, at }) => ({ url: hostOf(url) || "/", at }));
}

/**
 * Where a part of every path has moved to the base path, or back, the whole paths are compared: the consumer calls
 * the same URLs.
 */
function alignPaths(old: Contract, now: Contract): [Contract, Contract] {
  const [before, after] = [pathOf(old.servers[0]!.url), pathOf(now.servers[0]!.url)];
  if (before === after || [...old.operations.keys()].some((key) => now.operations.has(key)))
    return [old, now];
  const [one, other] = [withBase(old, before), withBase(now, after)];
  return [...one.operations.keys()].some((key) => other.operations.has(key)) ? [one, other] : [old, now];
}

function withBase(contract: Contract, base: string): Contract {
  const prefix = base === "/" ? "" : base;
  const moved = Array.from(contract.operations.values(), (operation): [string, Operation] => {
    if (operation.reversed) return [operation.name, operation];
    const path = prefix + operation.path;
    const method = operation.name.split(" ")[0]!;
    return [`${method} ${erasePath(path)}`, { ...operation, path, name: `${method} ${path}` }];
  });
  return { ...contract, operations: new Map(moved) };
}
