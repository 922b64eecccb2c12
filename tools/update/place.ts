import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { JsonObject } from "../../contracts/openapi/json.ts";
import { basePath, type OpenApi } from "../../contracts/openapi/operations.ts";
import { readDocument, type SpecDocument } from "../generate/read/document.ts";
import { SpecError } from "../generate/read/problem.ts";

/** Where a new file of a vendor belongs. */
export type Place = {
  /** The file that it takes the place of, or the name that it gets as a further version. */
  spec: string;
  /** The contract that it is compared with: that file as it is now, or the version beside it. */
  previous: string;
};

/** No contract, or more than one, that a file may take the place of. */
export class NoPlaceError extends Error {
  readonly code = "NO_PLACE";

  constructor(message: string) {
    super(`${message} Name the file that the new one takes the place of with --spec.`);
    this.name = "NoPlaceError";
  }
}

/**
 * Finds where a file of a vendor belongs among the contracts in a folder.
 *
 * It takes the place of the contract with its base path. Without one, it stands beside the contracts where their
 * names end with their version, `api-v1.yaml` with the base path `/v1`. Else it takes the place of the only contract.
 *
 * @throws {NoPlaceError} when none, or more than one, may be meant.
 */
export async function placeOf(vendor: SpecDocument, folder: string): Promise<Place> {
  const contracts = await contractsIn(folder);
  const base = basePathOf(vendor.value);
  const same = contracts.find((each) => each.base === base);
  if (same) {
    const isUnchanged = same.document.text === vendor.text;
    return { spec: same.file, previous: (isUnchanged && neighbourOf(same, contracts)?.file) || same.file };
  }
  const versions = contracts.filter((each) => isNamedByVersion(each) && isVersionOf(each.base, base));
  const last = versions.at(-1);
  if (last && lastSegment(base) !== "") {
    const name = basename(last.file, extname(last.file)).slice(0, -lastSegment(last.base).length);
    const spec = join(dirname(last.file), `${name}${lastSegment(base)}${extname(last.file)}`);
    if (!existsSync(spec)) return { spec, previous: (neighbourOf({ base }, versions) ?? last).file };
  }
  if (contracts.length === 1) return { spec: contracts[0]!.file, previous: contracts[0]!.file };
  throw new NoPlaceError(
    contracts.length === 0
      ? `There is no contract in ${folder}/.`
      : `No contract in ${folder}/ has the base path ${base || "/"}: ${contracts.map(({ file }) => file).join(", ")}.`,
  );
}

type Contract = { file: string; document: SpecDocument; base: string };

/** In the order of their versions. Files that cannot be read are none. */
async function contractsIn(folder: string): Promise<Contract[]> {
  const files = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => /\.(ya?ml|json)$/.test(name) && !/\.overlay\.[a-z]+$/.test(name))
    .map((name) => join(folder, name));
  const read = await Promise.all(
    files.map(async (file) => {
      const document = await readDocument(file).catch((error: unknown) => {
        if (error instanceof SpecError) return undefined;
        throw error;
      });
      return document?.kind === "overlay" || !document
        ? []
        : [{ file, document, base: basePathOf(document.value) }];
    }),
  );
  return read.flat().sort((one, other) => compareVersions(one.base, other.base));
}

/** Whether two base paths differ in their last segment alone, as `/orders/v1` and `/orders/v2`. */
function isVersionOf(one: string, other: string): boolean {
  const above = (base: string) => base.slice(0, -lastSegment(base).length);
  return lastSegment(one) !== "" && lastSegment(other) !== "" && above(one) === above(other);
}

/** The last version before this one, else the first after it. */
function neighbourOf({ base }: { base: string }, contracts: readonly Contract[]): Contract | undefined {
  const others = contracts.filter((each) => each.base !== base && isVersionOf(each.base, base));
  return others.findLast((each) => compareVersions(each.base, base) < 0) ?? others[0];
}

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

function isNamedByVersion({ file, base }: Contract): boolean {
  return lastSegment(base) !== "" && basename(file, extname(file)).endsWith(lastSegment(base));
}

/** Empty at the root. */
function lastSegment(base: string): string {
  return base.split("/").at(-1)!;
}

/** Of Swagger 2.0, or of the first server; empty where it cannot be read. */
function basePathOf({ swagger, basePath: path, servers }: JsonObject): string {
  try {
    return basePath((swagger ? { servers: [{ url: path ?? "/" }] } : { servers }) as OpenApi).replace(
      /^\/$/,
      "",
    );
  } catch {
    return "";
  }
}
