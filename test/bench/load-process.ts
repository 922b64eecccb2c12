import { type LoadOptions, type LoadResult, load } from "./load.ts";

/** What the process sends back. */
export type LoadMessage = { result: LoadResult } | { failure: string };

// The other end of `runLoad`: one message in, one out.
process.once("message", async (options: LoadOptions) => {
  const message: LoadMessage = await load(options).then(
    (result) => ({ result }),
    (error: Error) => ({ failure: error.message }),
  );
  process.send!(message);
});
