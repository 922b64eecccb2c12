import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { specimens } from "./contracts.ts";
import { knownDifferences } from "./known-differences.ts";
import { type Proof, prove } from "./prove.ts";
import { asCurl, formatReport, staleDifferences } from "./report.ts";

const { requests, seed, contract, json } = new Command("differential")
  .description(
    "Asks our mock and stock Prism the same generated questions and reports every answer that differs.\n" +
      "Exit codes: 0 all the same or known, 1 something differs or a known difference is stale, 2 could not run.",
  )
  .option("--requests <number>", "how many, shared out among the contracts", wholeNumber, 20_000)
  .option("--seed <text>", "the same seed makes the same requests", "1")
  .addOption(new Option("--contract <name>", "this one only").choices(specimens.map(({ name }) => name)))
  .option("--json <file>", "write what came of it to a file")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ requests: number; seed: string; contract?: string; json?: string }>();

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort(signal));
const chosen = specimens.filter(({ name }) => contract === undefined || name === contract);
const proofs: Proof[] = [];
try {
  for (const [place, specimen] of chosen.entries()) {
    const count =
      Math.floor((requests * (place + 1)) / chosen.length) - Math.floor((requests * place) / chosen.length);
    let done = 0;
    const asked = () => ++done % 50 === 0 && progress(`${specimen.name} ${done}/${count}`);
    proofs.push(await prove(specimen, { count, seed, signal: stop.signal, asked }));
  }
  progress("");
  finish(proofs);
} catch (error) {
  progress("");
  console.error(stop.signal.aborted ? `Stopped by ${stop.signal.reason}.` : (error as Error).message);
  process.exitCode = 2;
}

function finish(proofs: Proof[]): void {
  const stale = contract === undefined ? staleDifferences(proofs, knownDifferences) : [];
  console.log(formatReport(proofs, knownDifferences));
  for (const { id } of stale)
    console.log(`\nSTALE known difference ${id}: no request met it. Remove its entry.`);
  const unexplained = proofs.flatMap((proof) => proof.unexplained);
  const total = proofs.reduce((sum, { asked }) => sum + asked, 0);
  console.log(
    `\n${total} requests to ${proofs.length} contracts: ${unexplained.length} unexplained differences, ${stale.length} stale entries`,
  );
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ seed, proofs: proofs.map(portable), stale }, null, 2)}\n`);
  if (unexplained.length + stale.length > 0) process.exitCode = 1;
}

function portable(proof: Proof) {
  const unexplained = proof.unexplained.map(({ case: { kind, operation, sent }, differences }) => ({
    kind,
    operation: operation?.name,
    request: asCurl(sent),
    differences,
  }));
  return { ...proof, unexplained };
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number above 0.");
}
