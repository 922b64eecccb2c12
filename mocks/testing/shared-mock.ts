import { type Mock, startMock } from "../mock.ts";

/** A mock in use. `release` must be called once. */
export type Lease = { mock: Mock; release(): Promise<void> };

/**
 * One mock for all worlds of this process. The first lease starts it, and the last release stops it. Test runners
 * may load this module more than once, so the process holds it.
 */
export const sharedMock: { lease(): Promise<Lease> } = (() => {
  const holder = globalThis as { [key: symbol]: ReturnType<typeof createSharedMock> | undefined };
  return (holder[Symbol.for("necid-contract-kit/mock")] ??= createSharedMock());
})();

function createSharedMock() {
  let starting: Promise<Mock> | undefined;
  let leases = 0;

  return {
    async lease(): Promise<Lease> {
      leases += 1;
      starting ??= startMock();
      try {
        return { mock: await starting, release };
      } catch (error) {
        leases -= 1;
        starting = undefined;
        throw error;
      }
    },
  };

  async function release(): Promise<void> {
    leases -= 1;
    const mock = starting;
    if (leases > 0 || !mock) return;
    starting = undefined;
    await (await mock).close();
  }
}
