import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { at, contract, entries, type JsonObject, operations } from "./contract.ts";

const json = "application/json";
const ids = ["x-amz-apigw-id", "x-amzn-RequestId"];

describe("responses of API Gateway itself", () => {
  test.each([
    ["Forbidden", json, "MissingAuthenticationToken", "Missing Authentication Token"],
    ["Forbidden", json, "InvalidSignature", "Credential should be scoped to a valid region. "],
    [
      "Forbidden",
      json,
      "SignatureExpired",
      "Signature expired: 20180816T032046Z is now earlier than 20180816T040329Z (20180816T040829Z - 5 min.)",
    ],
    [
      "Forbidden",
      json,
      "SignatureNotYetCurrent",
      "Signature not yet current: 20180816T042046Z is still later than 20180816T041329Z (20180816T040829Z + 5 min.)",
    ],
    [
      "Forbidden",
      json,
      "IncompleteSignature",
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${createHash("sha256").update("Bearer abc").digest("base64")}'.`,
    ],
    ["Forbidden", json, "UnrecognizedClient", "The security token included in the request is invalid."],
    ["Forbidden", json, "Forbidden", "Forbidden"],
    ["UnsupportedMediaType", json, "UnsupportedMediaType", "Unsupported Media Type"],
    ["TooManyRequests", json, "TooManyRequests", "Too Many Requests"],
    ["TooManyRequests", json, "LimitExceeded", "Limit Exceeded"],
    ["BadGateway", json, "InternalServerError", "Internal server error"],
    ["GatewayTimeout", json, "EndpointRequestTimedOut", "Endpoint request timed out"],
  ])("%s as %s, example %s: %j", (response, mediaType, example, message) => {
    const place = ["components", "responses", response, "content", mediaType, "examples", example, "value"];
    expect(at(contract, ...place)).toEqual({ message });
  });

  test("a body that is too large is refused in plain text", () => {
    expect(at(contract, "components", "responses", "ContentTooLarge", "content")).toEqual({
      "text/plain": {
        schema: { type: "string" },
        examples: {
          ContentTooLarge: {
            summary: "Plain text, not JSON.",
            value: "HTTP content length exceeded 10485760 bytes.",
          },
        },
      },
    });
  });

  test.each([
    ["Forbidden", "MissingAuthenticationTokenException", [...ids, "x-amzn-ErrorType"]],
    ["ContentTooLarge", undefined, ids],
    ["UnsupportedMediaType", "BadRequestException", ["X-Amzn-Trace-Id", ...ids, "x-amzn-ErrorType"]],
    ["TooManyRequests", "TooManyRequestsException", [...ids, "x-amzn-ErrorType"]],
    ["ServiceError", undefined, ids],
    ["BadGateway", "InternalServerErrorException", ["X-Amzn-Trace-Id", ...ids, "x-amzn-ErrorType"]],
    ["GatewayTimeout", "InternalServerErrorException", ["X-Amzn-Trace-Id", ...ids, "x-amzn-ErrorType"]],
  ])("the headers of %s, of type %s", (response, errorType, names) => {
    const headers = at(contract, "components", "responses", response, "headers") as JsonObject;
    expect(Object.keys(headers).sort()).toEqual(names.toSorted());
    expect(at(headers, "x-amzn-ErrorType", "example")).toBe(errorType);
  });
});

describe("what passes through API Gateway", () => {
  test("carries its two ids", () => {
    const own = operations(contract).flatMap(({ path, method, operation }) =>
      entries(operation.responses)
        .filter(([, response]) => at(response, "$ref") === undefined)
        .map(([status, response]) => [`${status} ${method} ${path}`, at(response, "headers")] as const),
    );
    expect(own).toHaveLength(23);
    for (const [, headers] of own) {
      expect(headers).toMatchObject({
        "x-amzn-RequestId": { $ref: "#/components/headers/RequestId" },
        "x-amz-apigw-id": { $ref: "#/components/headers/ApigwId" },
      });
    }
  });
});

describe("preflight", () => {
  test.each([
    ["/subjects", "OPTIONS,POST"],
    ["/subjects/{id}", "DELETE,OPTIONS,PUT"],
    ["/face/extract", "OPTIONS,POST"],
    ["/face/search", "OPTIONS,POST"],
    ["/face/verify", "OPTIONS,POST"],
    ["/health", "GET,OPTIONS"],
  ])("of %s allows %s", (path, methods) => {
    const headers = at(contract, "paths", path, "options", "responses", "200", "headers") as JsonObject;
    const examples = entries(headers).map(([name, header]) => {
      const shared = at(header, "$ref") as string | undefined;
      return [name, at(shared ? at(contract, ...shared.slice(2).split("/"))! : header, "example")];
    });
    expect(Object.fromEntries(examples)).toEqual({
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Headers": "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token",
      "Access-Control-Allow-Methods": methods,
      "x-amzn-RequestId": at(contract, "components", "headers", "RequestId", "example"),
      "x-amz-apigw-id": at(contract, "components", "headers", "ApigwId", "example"),
    });
  });
});
