import { fileURLToPath } from "node:url";

/**
 * The command `npm run pacts`: records the consumer interactions, or with `--check` says whether what is
 * recorded is fresh.
 *
 * @returns the exit code: 0 done or fresh, 1 stale.
 */
export async function runPacts({ out, check }: { out: string; check: boolean }): Promise<number> {
  const { recordPacts } = await import("./record-pacts.ts");
  const { name, stale } = await recordPacts({ out, check });
  const file = `${out}/${name}`;
  if (check && stale) {
    console.error(`${file} is stale\nRun \`npm run pacts\` and commit what it writes.`);
    return 1;
  }
  console.log(check ? `${file} is fresh` : `wrote ${file}`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await runPacts({
    out: "generated/necid-v1/pacts",
    check: process.argv.includes("--check"),
  });
}
