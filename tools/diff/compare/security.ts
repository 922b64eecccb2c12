import type { Alternative, Operation, Scheme } from "../contract/contract.ts";
import type { Recorder } from "./recorder.ts";

/**
 * Compares which credentials suffice. Alternatives are compared by what a consumer sends, not by the names that
 * the descriptions give to their schemes.
 */
export function compareSecurity(
  { security: old }: Operation,
  { security: now }: Operation,
  recorder: Recorder,
): void {
  const places = { old: old.at, new: now.at };
  const record = (id: string, facts: Record<string, string>, at = {}) =>
    recorder.record({ id, location: "security", facts, ...places, ...at });
  const [free, stays] = [isFree(old.alternatives), isFree(now.alternatives)];
  if (free && !stays) record("security-added", { new: listOf(now.alternatives) });
  if (!free && stays) record("security-removed", {});
  if (free || stays) return;

  const [before, after] = [leastOf(old.alternatives), leastOf(now.alternatives)];
  const lost = before.filter((one) => !after.some((other) => isSame(one, other)));
  const won = after.filter((one) => !before.some((other) => isSame(one, other)));
  for (const one of lost) {
    const at = { old: one.at };
    const other = take(won, (candidate) => isRelated(one, candidate));
    if (other) compareAlternatives(one, other, (id, facts) => record(id, facts, { ...at, new: other.at }));
    else record("security-alternative-removed", { old: wordsFor(one), new: listOf(now.alternatives) }, at);
  }
  for (const one of won) record("security-alternative-added", { new: wordsFor(one) }, { new: one.at });
  compareUrls(old.alternatives, now.alternatives, record);
}

/** No credentials are wanted, or none suffice too. */
function isFree(alternatives: Alternative[]): boolean {
  return alternatives.length === 0 || alternatives.some(({ schemes }) => schemes.length === 0);
}

/** The alternatives without those that want more than another one. */
function leastOf(alternatives: Alternative[]): Alternative[] {
  return alternatives.filter((one, index) =>
    alternatives.every(
      (other, place) => place === index || !suffices(one, other) || (suffices(other, one) && index < place),
    ),
  );
}

function isSame(a: Alternative, b: Alternative): boolean {
  return suffices(a, b) && suffices(b, a);
}

/** Whether who satisfies the one satisfies the other: each of its schemes and scopes is among those given. */
function suffices(given: Alternative, wanted: Alternative): boolean {
  return wanted.schemes.every(({ kind, scopes }) =>
    given.schemes.some((one) => one.kind === kind && scopes.every((scope) => one.scopes.includes(scope))),
  );
}

/** Whether one alternative has become the other: they have a scheme in common, by kind or by name. */
function isRelated(a: Alternative, b: Alternative): boolean {
  return a.schemes.some((one) => b.schemes.some(({ kind, name }) => kind === one.kind || name === one.name));
}

function compareAlternatives(
  old: Alternative,
  now: Alternative,
  record: (id: string, facts: Record<string, string>) => void,
): void {
  const added = [...now.schemes];
  const removed: Scheme[] = [];
  for (const scheme of old.schemes) {
    const same = take(added, ({ kind }) => kind === scheme.kind);
    if (same) compareScopes(scheme, same, record);
    else removed.push(scheme);
  }
  for (const scheme of removed) {
    const renamed =
      take(added, ({ name }) => name === scheme.name) ?? (removed.length === 1 ? added.shift() : undefined);
    if (renamed)
      record("security-scheme-changed", { name: renamed.name, old: scheme.kind, new: renamed.kind });
    else record("security-scheme-removed", { old: scheme.name, new: wordsFor(now) });
  }
  for (const scheme of added) record("security-scheme-added", { old: wordsFor(old), new: scheme.name });
}

function compareScopes(
  old: Scheme,
  now: Scheme,
  record: (id: string, facts: Record<string, string>) => void,
): void {
  const { name } = now;
  for (const scope of now.scopes)
    if (!old.scopes.includes(scope)) record("security-scope-added", { name, new: scope });
  for (const scope of old.scopes)
    if (!now.scopes.includes(scope)) record("security-scope-removed", { name, old: scope });
}

function compareUrls(
  old: Alternative[],
  now: Alternative[],
  record: (id: string, facts: Record<string, string>, at: object) => void,
): void {
  const schemes = (alternatives: Alternative[]) =>
    new Map(alternatives.flatMap((one) => one.schemes.map((scheme) => [scheme.kind, scheme])));
  const after = schemes(now);
  for (const [kind, scheme] of schemes(old)) {
    const other = after.get(kind);
    for (const [field, url] of other?.urls ?? []) {
      const before = scheme.urls.get(field);
      if (before === undefined || before === url) continue;
      record(
        "security-url-changed",
        { name: other!.name, old: before, new: url },
        { old: scheme.at, new: other!.at },
      );
    }
  }
}

function listOf(alternatives: Alternative[]): string {
  return alternatives.map(wordsFor).join(", or ");
}

function wordsFor({ schemes }: Alternative): string {
  return schemes.map(({ name }) => name).join(" with ") || "none";
}

function take<Item>(list: Item[], fits: (item: Item) => boolean): Item | undefined {
  const index = list.findIndex(fits);
  return index < 0 ? undefined : list.splice(index, 1)[0];
}
