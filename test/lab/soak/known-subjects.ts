/** Who is registered, by the clients' own account: what the server's state must be in the end. */
export type KnownSubjects = {
  add(application: number, id: string): void;
  remove(id: string): void;
  /** A moment, to be given to `sighted` later. */
  now(): number;
  /**
   * A search answered with this id. It is right if the id was there at any time since the search was sent; one
   * whose registration is not answered yet must be answered with it later.
   */
  sighted(application: number, id: string, since: number): boolean;
  /** Ids that were found and that nobody was given. */
  unexplained(): string[];
  size(application: number): number;
  /** Sorted. */
  ids(application: number): string[];
};

export function createKnownSubjects(): KnownSubjects {
  const living = new Map<string, number>();
  const sizes = new Map<number, number>();
  /** The last removals: application and moment. */
  const removed = new Map<string, { application: number; at: number }>();
  const early = new Map<string, number>();
  let moment = 0;

  return {
    add(application, id) {
      moment++;
      living.set(id, application);
      sizes.set(application, (sizes.get(application) ?? 0) + 1);
      if (early.get(id) === application) early.delete(id);
    },
    remove(id) {
      const application = living.get(id);
      if (application === undefined) return;
      living.delete(id);
      sizes.set(application, sizes.get(application)! - 1);
      removed.set(id, { application, at: ++moment });
      if (removed.size > mostRemoved) removed.delete(removed.keys().next().value!);
    },
    now: () => moment,
    sighted(application, id, since) {
      const home = living.get(id);
      if (home !== undefined) return home === application;
      const past = removed.get(id);
      if (past) return past.application === application && past.at > since;
      early.set(id, application);
      return true;
    },
    unexplained: () => [...early.keys()],
    size: (application) => sizes.get(application) ?? 0,
    ids: (application) =>
      [...living]
        .filter(([, home]) => home === application)
        .map(([id]) => id)
        .sort(),
  };
}

/** Far more than can be removed while one search is under way. */
const mostRemoved = 4096;
