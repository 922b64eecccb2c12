import { join } from "node:path";
import { withTemporaryFolder } from "../../../tools/process/clean-up.ts";

/** Has two folders below the first argument, and ends as the second says: `node ending-process.ts FOLDER HOW`. */
const [parent = "", how = ""] = process.argv.slice(2);

if (how === "listener") process.once("SIGINT", () => process.exit(3));
await withTemporaryFolder(join(parent, "one-"), () =>
  withTemporaryFolder(join(parent, "two-"), async () => {
    if (how === "failure") throw new Error("no");
    if (how === "exit") process.exit(4);
    if (how === "success") return;
    process.stdout.write("ready\n");
    // A process without work would end.
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  }),
);
