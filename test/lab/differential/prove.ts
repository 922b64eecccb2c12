import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { basePath, hasGateway, type OpenApi } from "../../../contracts/openapi/operations.ts";
import { buildContract } from "../../../tools/generate/read/contract.ts";
import { compareResponses, type Difference, type Verdict, verdictOf } from "./compare.ts";
import type { ComparedContract } from "./contracts.ts";
import { createDynamicJudge, isDynamic } from "./dynamic.ts";
import { explains, knownDifferences, type Pair } from "./known-differences.ts";
import { type Case, makeCases } from "./requests/cases.ts";
import { type Document, describeOperations } from "./requests/described.ts";
import { sendToBoth } from "./send-to-both.ts";
import { startOurs, startPrism } from "./servers.ts";

/** What came of one contract. */
export type Proof = {
  contract: string;
  operations: number;
  requests: number;
  /** How often Prism came to each verdict. */
  verdicts: Partial<Record<Verdict, number>>;
  kinds: Record<string, { requests: number; different: number }>;
  /** How often each known difference was met. */
  known: Record<string, number>;
  unexplained: Finding[];
};

/** A request whose answers differ without a known reason. */
export type Finding = { case: Case; differences: Difference[] };

export type ProveOptions = {
  count: number;
  seed: string;
  signal?: AbortSignal;
  /** Called after each request. */
  onRequest?: () => void;
  /** Changes the contract that our side serves, to see that it is noticed. */
  tamper?: (openapi: Document) => void;
};

/** Sends both servers the same requests for one contract and compares the responses. */
export async function prove(compared: ComparedContract, options: ProveOptions): Promise<Proof> {
  const { count, seed, signal, onRequest, tamper } = options;
  const document = await readContract(compared);
  const cases = makeCases(document, { count, seed: `${seed} ${compared.name}` });
  const openapi = document as unknown as OpenApi;
  const gateway = hasGateway(openapi);
  const isSame = createDynamicJudge(document);
  const proof = emptyProof(compared.name, document);

  const folder = await mkdtemp(join(tmpdir(), "differential-"));
  try {
    const file = await writeContract(document, "contract");
    const ownFile = tamper
      ? await writeContract(tampered(document, tamper), "tampered")
      : compared.file && file;
    const ours = () => startOurs({ file: ownFile, basePath: basePath(openapi) });
    const prism = () => startPrism({ file });
    await sendToBoth(cases, { ours, prism, signal }, (one, own, stock) => {
      const pair: Pair = {
        ...one,
        gateway,
        ours: { ...own, verdict: verdictOf(own, { gateway, sent: one.sent }) },
        prism: { ...stock, verdict: verdictOf(stock, { gateway: false, sent: one.sent }) },
      };
      record(proof, pair, isDynamic(one.sent) ? isSame : undefined);
      onRequest?.();
    });
    return proof;
  } finally {
    await rm(folder, { recursive: true });
  }

  async function writeContract(written: Document, name: string): Promise<string> {
    const file = join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify(written));
    return file;
  }
}

const necId = fileURLToPath(new URL("../../../generated/necid-v1/openapi.json", import.meta.url));

/** The effective contract, without callbacks: Prism would call whatever address a request names. */
async function readContract({ file }: ComparedContract): Promise<Document> {
  const openapi =
    file === undefined
      ? JSON.parse(await readFile(necId, "utf8"))
      : (await buildContract({ spec: file })).openapi;
  const document = openapi as Document;
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) delete (operation as { callbacks?: unknown }).callbacks;
  }
  return document;
}

function tampered(document: Document, tamper: (openapi: Document) => void): Document {
  const copy = structuredClone(document);
  tamper(copy);
  return copy;
}

function emptyProof(contract: string, document: Document): Proof {
  const operations = describeOperations(document).length;
  return { contract, operations, requests: 0, verdicts: {}, kinds: {}, known: {}, unexplained: [] };
}

function record(proof: Proof, pair: Pair, isSame: ReturnType<typeof createDynamicJudge> | undefined): void {
  const { kind, operation, sent, ours, prism } = pair;
  const sameBody = isSame && (() => isSame(operation, ours, prism));
  const differences = compareResponses(ours, prism, { sameBody });
  const known = knownDifferences.filter(
    (each) => differences.some(({ aspect }) => explains(each, aspect)) && each.holds(pair),
  );
  const unexplained = differences.filter(({ aspect }) => !known.some((each) => explains(each, aspect)));

  const verdict = prism.verdict!;
  proof.requests++;
  proof.verdicts[verdict] = (proof.verdicts[verdict] ?? 0) + 1;
  const counted = (proof.kinds[kind] ??= { requests: 0, different: 0 });
  counted.requests++;
  if (differences.length > 0) counted.different++;
  for (const { id } of known) proof.known[id] = (proof.known[id] ?? 0) + 1;
  if (unexplained.length > 0)
    proof.unexplained.push({ case: { kind, operation, sent }, differences: unexplained });
}
