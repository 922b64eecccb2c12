/** What is left after all garbage was collected: V8's heap and the buffers outside of it. */
export type LiveMemory = { bytes: number };

// Loaded into the mock's process before it starts (`--expose-gc --import`): whoever started it asks by a
// message what is left when all garbage has been collected. Nothing else of the mock is touched.
process.on("message", () => {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  process.send!({ bytes: heapUsed + external } satisfies LiveMemory);
});
// The mock ends when it wants to.
process.channel!.unref();
