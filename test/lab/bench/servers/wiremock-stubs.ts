import { mockApiKeys } from "../../../../mocks/world/credentials.ts";
import type { RecordedResponses } from "./record-responses.ts";

const signed = {
  Authorization: { contains: "AWS4-HMAC-SHA256" },
  "X-Amz-Date": { matches: "\\d{8}T\\d{6}Z" },
  "x-api-key": { equalTo: mockApiKeys[0] },
};
const posted = (urlPath: string) => ({ method: "POST", urlPath, headers: signed });

/** A lower number is asked first, as in WireMock: what fits only part of a request stands behind. */
const requests: Record<string, { priority: number; request: object }> = {
  register: {
    priority: 1,
    request: { ...posted("/v1/subjects"), bodyPatterns: [{ matchesJsonPath: "$.face" }] },
  },
  verify: {
    priority: 1,
    request: {
      ...posted("/v1/face/verify"),
      bodyPatterns: [{ matchesJsonPath: "$.probe" }, { matchesJsonPath: "$.id" }],
    },
  },
  search: {
    priority: 1,
    request: { ...posted("/v1/face/search"), bodyPatterns: [{ matchesJsonPath: "$.probe" }] },
  },
  delete: {
    priority: 1,
    request: { method: "DELETE", urlPathPattern: "/v1/subjects/[^/]+", headers: signed },
  },
  invalid: { priority: 5, request: posted("/v1/subjects") },
  unsigned: {
    priority: 5,
    request: { method: "POST", urlPath: "/v1/subjects", headers: { Authorization: { absent: true } } },
  },
};

/**
 * Stub mappings as WireMock's users write them by hand, one for each scenario: by method, path, headers and
 * JSON path. They verify no signature, validate no body and store nothing.
 *
 * @see https://wiremock.org/docs/stubbing/
 */
export function wiremockStubs({ responses }: RecordedResponses): object {
  const mappings = Object.entries(responses).map(([name, response]) => ({
    name,
    ...requests[name],
    response,
  }));
  return { mappings };
}
