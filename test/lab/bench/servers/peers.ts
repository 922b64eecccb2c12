import { execFile, spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { tieChild } from "./tie-child.ts";

/** Where the programs of the others lie. */
export type Peers = {
  prism: string;
  mockoon: string;
  wiremock: string;
  /** False where WireMock cannot run. */
  java: boolean;
};

const folder = join(import.meta.dirname, "../..");
const note = join(folder, "node_modules/.necid-bench");

/**
 * Finds the programs that the mock is compared with. Mockoon and WireMock are no dependencies of the project:
 * they are installed, exactly as `test/lab/package-lock.json` lists them, when they are first wanted.
 *
 * @param options.install whether Mockoon and WireMock are wanted.
 * @param options.say is called with a line when it installs, because that takes a while and needs a registry.
 * @throws {PeersError} when they cannot be installed.
 */
export async function findPeers({
  install,
  say,
}: {
  install: boolean;
  say(line: string): void;
}): Promise<Peers> {
  if (install) await installOnce(say);
  const require = createRequire(import.meta.url);
  const [wiremock] = globSync(join(folder, "node_modules/wiremock/build/*.jar"));
  return {
    prism: require.resolve("@stoplight/prism-cli/dist/index.js"),
    mockoon: join(folder, "node_modules/@mockoon/cli/bin/run.js"),
    wiremock: wiremock ?? "",
    java: spawnSync("java", ["-version"], { stdio: "ignore" }).status === 0,
  };
}

/** The others are not there and could not be installed. */
export class PeersError extends Error {
  readonly code = "PEERS";

  constructor(reason: string) {
    super(
      `Mockoon and WireMock could not be installed: ${reason} Look into it with: npm ci --prefix test/lab --ignore-scripts. Or measure without them: --contenders mock,prism,bare`,
    );
    this.name = "PeersError";
  }
}

/** A note of the lock file beside the packages distinguishes a whole installation from an old or interrupted one. */
async function installOnce(say: (line: string) => void): Promise<void> {
  const lock = hash("sha256", readFileSync(join(folder, "package-lock.json")));
  if (existsSync(note) && readFileSync(note, "utf8") === lock) return;
  say("Installing Mockoon and WireMock in test/lab/node_modules (130 MB, only this once) …");
  await install();
  writeFileSync(note, lock);
}

/** Without install scripts: neither needs one. */
async function install(): Promise<void> {
  // npm names its own path to its scripts.
  const { npm_execpath } = process.env;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const [file, first] = npm_execpath ? [process.execPath, [npm_execpath]] : ["npm", []];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = execFile(file, [...first, ...args], { cwd: folder, timeout: 300_000 }, (error, _, stderr) =>
    error ? reject(new PeersError(reasonOf(error, stderr))) : resolve(),
  );
  child.stdin?.end();
  tieChild(child);
  await promise;
}

function reasonOf(error: Error, stderr: string): string {
  const errors = stderr.split("\n").filter((line) => line.startsWith("npm error"));
  return errors.length > 0
    ? `${errors.slice(0, 4).join(" ").replaceAll("npm error ", "")}.`
    : `${error.message}.`;
}
