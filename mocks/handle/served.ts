import { basePath } from "../../contracts/openapi/operations.ts";
import type { HttpRequest } from "../http/request.ts";
import { type Handler, type LazyContract, loadOnFirstRequest, type MockContract } from "./handler.ts";

/** A contract that a server serves, with its handler. */
export type ServedContract = {
  contract: MockContract | LazyContract;
  /** The path that its operations stand below, such as `/v1`. */
  base: string;
  handler: Handler;
  /** Its name, where it is not the first one. */
  further: string | undefined;
};

/** Two contracts have the same base path. */
export class BasePathError extends Error {
  readonly code = "BASE_PATH_TAKEN";
  constructor(one: string, other: string, base: string) {
    super(
      `${one} and ${other} both stand below ${base || "/"}. Give one of them another base path: in Swagger its basePath, in OpenAPI its first server.`,
    );
    this.name = "BasePathError";
  }
}

/** The contracts of one server. */
export type ServedContracts = {
  /** The contract below whose base path a request is; the first one for any other request. */
  of(request: HttpRequest): ServedContract;
  list(): readonly ServedContract[];
  /** Serves a contract in the place of the one of its name, else of the first. */
  replace(contract: MockContract): void;
};

/** A stage is called with a slash behind it or none. */
function isBelow(path: string, base: string): boolean {
  return path.startsWith(base) && (path.length === base.length || path[base.length] === "/");
}

/**
 * Makes the handlers of several contracts.
 *
 * @throws {BasePathError} when two have the same base path.
 */
export function createServedContracts(
  contracts: readonly (MockContract | LazyContract)[],
  handlerOf: (contract: MockContract) => Handler,
): ServedContracts {
  const served: ServedContract[] = [];
  for (const contract of contracts) served.push(serve(contract, served.length));
  let byLength = sorted();

  return {
    of({ path }) {
      if (served.length === 1) return served[0]!;
      return byLength.find(({ base }) => isBelow(path, base)) ?? served[0]!;
    },
    list: () => served,
    replace(contract) {
      const place = Math.max(
        0,
        served.findIndex((one) => one.contract.name === contract.name),
      );
      served[place] = serve(contract, place);
      byLength = sorted();
    },
  };

  function serve(contract: MockContract | LazyContract, place: number): ServedContract {
    const base = basePath(contract.openapi);
    const other = served.find((one, index) => index !== place && one.base === base);
    if (other) throw new BasePathError(other.contract.name, contract.name, base);
    const handler =
      "load" in contract
        ? loadOnFirstRequest(async () => handlerOf(await contract.load()), served[0]!.handler)
        : handlerOf(contract);
    return { contract, base, handler, further: place === 0 ? undefined : contract.name };
  }

  /** A base path within another is found first. */
  function sorted(): ServedContract[] {
    return served.toSorted((one, other) => other.base.length - one.base.length);
  }
}
