import type { Difference } from "./compare.ts";
import type { Sent } from "./connection.ts";
import type { KnownDifference } from "./known-differences.ts";
import type { Finding, Proof } from "./prove.ts";

/** The counts of all proofs, then every unexplained difference, those of one sort together. */
export function formatReport(proofs: Proof[], known: KnownDifference[]): string {
  const findings = proofs.flatMap((proof) =>
    proof.unexplained.map((finding) => ({ ...finding, contract: proof.contract })),
  );
  return [
    contractTable(proofs),
    kindTable(proofs),
    knownTable(proofs, known),
    ...sorts(findings).map(formatSort),
  ].join("\n\n");
}

/** Known differences that no request met: their entries should go. */
export function staleDifferences(proofs: Proof[], known: KnownDifference[]): KnownDifference[] {
  return known.filter(({ id }) => proofs.every((proof) => !proof.known[id]));
}

function contractTable(proofs: Proof[]): string {
  const rows = proofs.map(({ contract, operations, requests, verdicts, known, unexplained }) => {
    const { kept = 0, invalid = 0, unauthorized = 0, ...rest } = verdicts;
    const other = sum(Object.values(rest));
    return [
      contract,
      operations,
      requests,
      kept,
      invalid,
      unauthorized,
      other,
      sum(Object.values(known)),
      unexplained.length,
    ];
  });
  const total = [
    "all",
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((column) => sum(rows.map((row) => Number(row[column])))),
  ];
  const head = [
    "contract",
    "operations",
    "requests",
    "kept",
    "invalid",
    "unauthorized",
    "other",
    "known",
    "unexplained",
  ];
  return table([head, ...rows, total]);
}

function kindTable(proofs: Proof[]): string {
  const kinds = new Map<string, { requests: number; different: number }>();
  for (const [kind, { requests, different }] of proofs.flatMap((proof) => Object.entries(proof.kinds))) {
    const counted = kinds.get(kind) ?? { requests: 0, different: 0 };
    kinds.set(kind, { requests: counted.requests + requests, different: counted.different + different });
  }
  const rows = [...kinds]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([kind, { requests, different }]) => [kind, requests, different]);
  return table([["kind of request", "requests", "different"], ...rows]);
}

function knownTable(proofs: Proof[], known: KnownDifference[]): string {
  const lines = known.map(
    ({ id, reason }) =>
      `${String(sum(proofs.map((proof) => proof.known[id] ?? 0))).padStart(6)}  ${id}: ${reason}`,
  );
  return `Known differences:\n${lines.join("\n")}`;
}

type Placed = Finding & { contract: string };

/** Findings that differ in the same way, most frequent first. */
function sorts(findings: Placed[]): Placed[][] {
  const sort = ({ case: { kind }, differences }: Placed) =>
    `${kind} | ${differences.map(sortOf).join(" | ")}`;
  return [...Map.groupBy(findings, sort).values()].toSorted((one, other) => other.length - one.length);
}

function sortOf({ aspect, ours, prism }: Difference): string {
  return /^(body|header)/.test(aspect) ? aspect : `${aspect}: ${ours} instead of ${prism}`;
}

/** The shortest request stands for all. */
function formatSort(findings: Placed[]): string {
  const [shortest] = findings.toSorted((one, other) => sizeOf(one.case.sent) - sizeOf(other.case.sent));
  const { contract, case: one, differences } = shortest!;
  const where = new Set(findings.map((finding) => finding.contract));
  return [
    `UNEXPLAINED ${findings.length} times (${[...where].join(", ")}), for example ${contract}, ${one.operation?.name ?? "no operation"}, ${one.kind}`,
    `  ${asCurl(one.sent)}`,
    ...differences.map(
      ({ aspect, ours, prism }) => `  ${aspect}\n    ours   ${shown(ours)}\n    Prism  ${shown(prism)}`,
    ),
  ].join("\n");
}

function sizeOf({ target, headers, body }: Sent): number {
  return target.length + headers.flat().join().length + (body?.length ?? 0);
}

/** The request as a command; `$BASE` is the base URL of either server. */
export function asCurl({ method, target, headers, body }: Sent): string {
  const given = headers.map(
    ([name, value]) => `-H ${quoted(value === "" ? `${name};` : `${name}: ${value}`)}`,
  );
  const type = headers.some(([name]) => /^content-type$/i.test(name)) ? [] : ["-H 'Content-Type:'"];
  const sends = body === undefined ? [] : [...type, `--data-binary ${bytes(body)}`];
  return ["curl -i --path-as-is -g", `-X ${method}`, ...given, ...sends, `"$BASE"${quoted(target)}`].join(
    " ",
  );
}

function bytes(body: Buffer): string {
  const text = body.toString();
  const isText = Buffer.from(text).equals(body) && !text.includes("\0");
  return isText
    ? quoted(text)
    : `"$(printf '${[...body].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}')"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function shown(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text;
}

function table(rows: (string | number)[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const line = (row: (string | number)[]) =>
    row
      .map((cell, column) =>
        typeof cell === "number"
          ? String(cell).padStart(widths[column]!)
          : String(cell).padEnd(widths[column]!),
      )
      .join("  ");
  return rows.map(line).join("\n");
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
