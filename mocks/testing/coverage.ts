import type { ContractResponse, CoveredResponse } from "../mock.ts";

/** How often each response was sent: `ApiFaceSearchPost 400 NoFace` → 2. Plain JSON, to be added up over tests. */
export type CoveredCounts = Record<string, number>;

/** The responses that one world has sent. */
export function countCovered(report: CoveredResponse[]): CoveredCounts {
  const sent = report.filter(({ calls }) => calls > 0);
  return Object.fromEntries(sent.map((response) => [responseName(response), response.calls]));
}

/** A response as the report names it. */
export function responseName({ contract, operation, status, errorType }: ContractResponse): string {
  return [
    ...(contract === undefined ? [] : [contract]),
    operation,
    status,
    ...(errorType === undefined ? [] : [errorType]),
  ].join(" ");
}
