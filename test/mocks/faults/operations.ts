import { readFileSync } from "node:fs";
import { type OpenApi, type Operation, readOperations } from "../../../contracts/openapi/operations.ts";

const contract = new URL("../../../generated/necid-v1/openapi.json", import.meta.url);

/** The operations of NEC ID v1. */
export const operations = readOperations(JSON.parse(readFileSync(contract, "utf8")) as OpenApi);

export function operationNamed(wanted: string): Operation {
  return operations.find(({ key }) => key === wanted)!;
}
