import { writeFileSync } from "node:fs";
import { runProgram, wholeNumber } from "../../../tools/commands/reader/options.ts";
import type { Option, OptionValues } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { type ComparedContract, necIdContract, publishedContracts } from "./contracts.ts";
import { fetchContracts } from "./fetch-contracts.ts";
import { knownDifferences } from "./known-differences.ts";
import { type Proof, prove } from "./prove.ts";
import { asCurl, formatReport, staleDifferences } from "./report.ts";

const options = {
  requests: {
    argument: "number",
    description: "how many, shared out among the contracts",
    default: 20_000,
    parse: wholeNumber({ from: 1 }),
  },
  seed: { argument: "text", description: "the same seed makes the same requests", default: "1" },
  contract: {
    argument: "name",
    description: "this contract only",
    choices: [necIdContract, ...publishedContracts].map(({ name }) => name),
  },
  json: { argument: "file", description: "write the results to a file" },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run differential --",
  description:
    "Sends the same generated requests to our mock and to stock Prism and reports every response that differs.\n" +
    "Exit codes: 0 all the same or known, 1 something differs or a known difference is stale, 2 could not run.",
  options,
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async (given) => {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort(signal));
  try {
    const proofs = await proveAll(given.options, stop.signal);
    return finish(proofs, given.options);
  } catch (error) {
    console.error(stop.signal.aborted ? `Stopped by ${stop.signal.reason}.` : (error as Error).message);
    return 2;
  } finally {
    progress("");
  }
});

type DifferentialOptions = OptionValues<typeof options>;

async function proveAll(
  { requests, seed, contract }: DifferentialOptions,
  signal: AbortSignal,
): Promise<Proof[]> {
  const isChosen = ({ name }: { name: string }) => contract === undefined || name === contract;
  const chosen: ComparedContract[] = [
    ...[necIdContract].filter(isChosen),
    ...(await fetchContracts(publishedContracts.filter(isChosen), { say: console.error })),
  ];
  const proofs: Proof[] = [];
  for (const [place, compared] of chosen.entries()) {
    const count =
      Math.floor((requests * (place + 1)) / chosen.length) - Math.floor((requests * place) / chosen.length);
    let done = 0;
    const onRequest = () => ++done % 50 === 0 && progress(`${compared.name} ${done}/${count}`);
    proofs.push(await prove(compared, { count, seed, signal, onRequest }));
  }
  progress("");
  return proofs;
}

function finish(proofs: Proof[], { seed, contract, json }: DifferentialOptions): number {
  const stale = contract === undefined ? staleDifferences(proofs, knownDifferences) : [];
  console.log(formatReport(proofs, knownDifferences));
  for (const { id } of stale)
    console.log(`\nSTALE known difference ${id}: no request met it. Remove its entry.`);
  const unexplained = proofs.flatMap((proof) => proof.unexplained);
  const total = proofs.reduce((sum, { requests }) => sum + requests, 0);
  console.log(
    `\n${total} requests to ${proofs.length} contracts: ${unexplained.length} unexplained differences, ${stale.length} stale entries`,
  );
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ seed, proofs: proofs.map(portable), stale }, null, 2)}\n`);
  return unexplained.length + stale.length > 0 ? 1 : 0;
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
