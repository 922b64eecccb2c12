import {
  authOf,
  binaryMediaTypes,
  type Identity,
  identityOf,
  type MockResponse,
  mockIntegration,
  type RequestChecks,
  requestChecks,
  takesOnly,
} from "../../contracts/openapi/api-gateway.ts";
import { type OpenApi, type Operation, parametersOf } from "../../contracts/openapi/operations.ts";
import type { Violation } from "../../contracts/openapi/validation.ts";
import type { HttpRequest } from "../http/request.ts";
import { type Refusal, refusals } from "./refusals.ts";

/** What API Gateway's extensions say about an operation. */
type OperationExtensions = {
  /** Which parts of a request the gateway checks; `undefined` where the contract does not say. */
  checks: RequestChecks | undefined;
  /** The only media types that the integration takes; `undefined` for any. */
  takesOnly: string[] | undefined;
  /** What each authorizer reads of a request: one of the lists must be there. */
  identities: Identity[][];
  /** The response of a mock integration. */
  integration: MockResponse | undefined;
};

export type Extensions = {
  of(operation: Operation): OperationExtensions;
  /** Whether a body of this media type is bytes to the gateway. */
  isBinary(mediaType: string | undefined): boolean;
  /** The gateway's refusal of a request that breaks what it checks; `undefined` where the service sees it. */
  refusalOf(operation: Operation, violations: readonly Violation[]): Refusal | undefined;
};

/** Reads the extensions of a contract once. */
export function readExtensions(openapi: OpenApi, operations: readonly Operation[]): Extensions {
  const binary = binaryMediaTypes(openapi);
  const byOperation = new Map(operations.map((operation) => [operation.key, extensionsOf(operation)]));
  const isPlain = [...byOperation.values()].every(
    ({ checks, takesOnly, identities, integration }) =>
      !checks && !takesOnly && identities.length === 0 && !integration,
  );

  return {
    of: isPlain ? () => none : ({ key }) => byOperation.get(key)!,
    isBinary(mediaType) {
      if (binary.length === 0 || mediaType === undefined) return false;
      const type = mediaType.split(";")[0]!.trim().toLowerCase();
      // JSON stays JSON unless it is named: `*/*` is how an API lets every other body through.
      if (type === "application/json") return binary.includes(type);
      return [type, `${type.split("/")[0]}/*`, "*/*"].some((name) => binary.includes(name));
    },
    refusalOf(operation, violations) {
      const { checks } = byOperation.get(operation.key)!;
      if (!checks) return undefined;
      const missing = violations.filter(
        ({ place, keyword }) => place.length === 1 && place[0] !== "body" && keyword === "required",
      );
      if (missing.length > 0) return refusals.missingRequestParameters(namesOf(operation, missing));
      return violations.some(({ place }) => place[0] === "body") ? refusals.invalidRequestBody() : undefined;
    },
  };

  function extensionsOf({ definition }: Operation): OperationExtensions {
    const schemes = openapi.components?.securitySchemes ?? {};
    const alternatives = definition.security ?? openapi.security ?? [];
    const names = alternatives.flatMap((alternative) => Object.keys(alternative));
    const isOpen =
      authOf(definition) === "NONE" ||
      alternatives.some((alternative) => Object.keys(alternative).length === 0);
    const identities = names.flatMap((name) => {
      const identity = identityOf(schemes[name]) ?? [];
      return identity.length > 0 ? [identity] : [];
    });
    return {
      checks: requestChecks(openapi, definition),
      takesOnly: takesOnly(openapi, definition),
      identities: isOpen ? [] : identities,
      integration: mockIntegration(openapi, definition),
    };
  }

  /** As the contract writes them; validators have those of headers in lower case. */
  function namesOf(operation: Operation, missing: readonly Violation[]): string[] {
    const declared = parametersOf(openapi, operation).map(({ value }) => value.name);
    return missing.map(({ params }) => {
      const name = String(params.missingProperty);
      return declared.find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
    });
  }
}

const none: OperationExtensions = {
  checks: undefined,
  takesOnly: undefined,
  identities: [],
  integration: undefined,
};

/** Whether a request has what one of the authorizers reads. They are not asked: any value is let in. */
export function isIdentified(
  { headers, queryValues }: HttpRequest,
  identities: readonly Identity[][],
): boolean {
  const isThere = ({ place, name }: Identity) =>
    Boolean(place === "header" ? headers.get(name) : queryValues[name]);
  return identities.length === 0 || identities.some((identity) => identity.every(isThere));
}
