import { type ContentObject, type OpenApi, readOperations } from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import type { HttpResponse } from "../http/response.ts";

/** One kind of response of an operation. `errorType` is the service's own, or API Gateway's `x-amzn-ErrorType`. */
export type ContractResponse = {
  operation: string;
  status: number;
  errorType?: string;
  /** The name of the contract, where a server has several and this is not the first. */
  contract?: string;
};

/** A kind of response, whether the contract documents it, and how often it was sent. */
export type CoveredResponse = ContractResponse & { documented: boolean; calls: number };

/**
 * Counts which of the contract's responses were sent.
 *
 * @example
 * const missed = world.coverage.report().filter(({ documented, calls }) => documented && calls === 0);
 */
export type Coverage = {
  /**
   * Every documented response in the contract's order, then the undocumented ones that were sent. Of several
   * contracts, those behind the first are in it when they were called.
   */
  report(): CoveredResponse[];
  /** Sets every count to 0. */
  clear(): void;
};

/** The coverage as the server sees it. */
export type RecordingCoverage = Coverage & {
  /** Counts a response. Calls outside the contract do not count. */
  record(call: { operation: string | undefined; contract?: string; response: HttpResponse }): void;
};

/** @param documented lists the contract's responses, as `contractResponses` does. Only `report` calls it. */
export function createCoverage(documented: () => ContractResponse[]): RecordingCoverage {
  const counted = new Map<string, Map<number | string, Counted>>();
  /** The contracts behind the first that were called. */
  let called: Set<string> | undefined;
  return {
    record({ operation, contract, response: { status, headers, body } }) {
      if (operation === undefined) return;
      if (contract !== undefined) called = (called ?? new Set()).add(contract);
      const sent: ContractResponse = { operation, status, errorType: errorTypeOf(status, headers, body) };
      if (contract !== undefined) sent.contract = contract;
      const name = operationOf(sent);
      const ofOperation = counted.get(name) ?? new Map<number | string, Counted>();
      const known = ofOperation.get(keyOf(sent));
      if (known) {
        known.calls += 1;
        return;
      }
      ofOperation.set(keyOf(sent), { response: sent, calls: 1 });
      counted.set(name, ofOperation);
    },
    report() {
      const left = new Map(Array.from(counted, ([operation, sent]) => [operation, new Map(sent)]));
      const known = documented().filter(({ contract }) => contract === undefined || called?.has(contract));
      const covered = known.map((response) => {
        const ofOperation = left.get(operationOf(response));
        const calls = ofOperation?.get(keyOf(response))?.calls ?? 0;
        ofOperation?.delete(keyOf(response));
        return { ...response, documented: true, calls };
      });
      const others = [...left.values()].flatMap((sent) => [...sent.values()]);
      return [...covered, ...others.map(undocumented)];
    },
    clear() {
      counted.clear();
      called = undefined;
    },
  };
}

type Counted = { response: ContractResponse; calls: number };

function undocumented({
  response: { operation, status, errorType, contract },
  calls,
}: Counted): CoveredResponse {
  return {
    operation,
    status,
    ...(errorType !== undefined && { errorType }),
    ...(contract !== undefined && { contract }),
    documented: false,
    calls,
  };
}

/** Two contracts may have an operation of the same name. */
function operationOf({ operation, contract }: ContractResponse): string {
  return contract === undefined ? operation : `${contract} ${operation}`;
}

/**
 * Lists the responses that a contract documents: operation by status, and by error type where the status
 * has several of them (`errorType` in its examples, or the values of its `x-amzn-ErrorType` header).
 */
export function contractResponses(openapi: OpenApi): ContractResponse[] {
  return readOperations(openapi).flatMap(({ key: operation, definition, statuses }) =>
    statuses
      .filter((status) => /^\d{3}$/.test(status))
      .flatMap((status) => {
        const described = dereference<ContentObject>(openapi, definition.responses?.[status]);
        const errorTypes = errorTypesOf(openapi, described);
        const response = { operation, status: Number(status) };
        return errorTypes.length > 0
          ? errorTypes.map((errorType) => ({ ...response, errorType }))
          : [response];
      }),
  );
}

type Header = { schema?: { enum?: unknown[]; const?: unknown } };

function errorTypesOf(openapi: OpenApi, { headers = {}, content = {} }: ContentObject = {}): string[] {
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === "x-amzn-errortype");
  const { enum: several, const: one } = dereference<Header>(openapi, header?.[1])?.schema ?? {};
  const examples = Object.values(content).flatMap((media) => Object.values(media.examples ?? {}));
  const named = [
    ...(several ?? []),
    one,
    ...examples.map(({ value }) => (value as { errorType?: unknown } | undefined)?.errorType),
  ];
  return [...new Set(named.filter((name) => typeof name === "string"))];
}

/** The mock writes the header's name in one spelling only. */
function errorTypeOf(
  status: number,
  headers: HttpResponse["headers"],
  body: HttpResponse["body"],
): string | undefined {
  if (status < 400) return undefined;
  if (headers["x-amzn-ErrorType"]) return headers["x-amzn-ErrorType"];
  try {
    const { errorType } = JSON.parse(String(body ?? "{}"));
    return typeof errorType === "string" ? errorType : undefined;
  } catch {
    return undefined;
  }
}

/** Identifies a response among those of its operation. */
function keyOf({ status, errorType }: ContractResponse): number | string {
  return errorType === undefined ? status : `${status} ${errorType}`;
}
