// Written by `npm run generate` from spec/necid-v1.yaml. Do not edit.

import type { FetchOptions, FetchResponse, ParseAs } from "openapi-fetch";
import type { paths } from "./schema.d.ts";

/** The first server of the contract. */
export declare const serverUrl: "https://api.id.nec.com.au/v1";

type Operation<Method extends string, Path extends keyof paths> = {
  readonly method: Method;
  readonly path: Path;
  readonly pathParameters: readonly string[];
  /** Absent when the operation takes no body. */
  readonly requestBody?: { readonly required: boolean; readonly content: readonly string[] };
  /** Alternatives, each a list of schemes that are needed together; empty when the call is open. */
  readonly security: readonly (readonly string[])[];
  readonly statuses: readonly string[];
};

/** Every operation by its key: the operationId, or `METHOD /path` where there is none. */
export declare const operations: {
  readonly "ApiSubjectsPost": Operation<"POST", "/subjects">;
  readonly "OPTIONS /subjects": Operation<"OPTIONS", "/subjects">;
  readonly "ApiSubjectsByIdPut": Operation<"PUT", "/subjects/{id}">;
  readonly "ApiSubjectsByIdDelete": Operation<"DELETE", "/subjects/{id}">;
  readonly "OPTIONS /subjects/{id}": Operation<"OPTIONS", "/subjects/{id}">;
  readonly "ApiFaceExtractPost": Operation<"POST", "/face/extract">;
  readonly "OPTIONS /face/extract": Operation<"OPTIONS", "/face/extract">;
  readonly "ApiFaceSearchPost": Operation<"POST", "/face/search">;
  readonly "OPTIONS /face/search": Operation<"OPTIONS", "/face/search">;
  readonly "ApiFaceVerifyPost": Operation<"POST", "/face/verify">;
  readonly "OPTIONS /face/verify": Operation<"OPTIONS", "/face/verify">;
  readonly "GET /health": Operation<"GET", "/health">;
  readonly "OPTIONS /health": Operation<"OPTIONS", "/health">;
};

/** The names of the documented examples of each operation, by status. */
export type Examples = {
  "ApiSubjectsPost": { "201": "documented"; "400": "InvalidRequest" | "NoFace" | "PoorQuality"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /subjects": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiSubjectsByIdPut": { "200": "documented"; "400": "InvalidRequest" | "NoFace" | "PoorQuality"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "ApiSubjectsByIdDelete": { "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /subjects/{id}": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiFaceExtractPost": { "200": "documented"; "400": "InvalidRequest"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /face/extract": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiFaceSearchPost": { "200": "documented"; "400": "InvalidRequest" | "NoFace" | "PoorQuality"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /face/search": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiFaceVerifyPost": { "200": "documented"; "400": "InvalidRequest" | "InvalidRequestId" | "NoFace" | "PoorQuality"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /face/verify": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "GET /health": { "200": "documented"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /health": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
};

type MediaType = `${string}/${string}`;
type AnyClient = { readonly [Method in "GET" | "PUT" | "POST" | "DELETE"]: (path: never, ...init: never) => Promise<unknown> };
type Options<Operation, As> = FetchOptions<Operation> & { parseAs?: As };
type Call<Operation extends Record<string | number, any>, Media extends MediaType> = <As extends ParseAs = "json">(
  ...init: {} extends FetchOptions<Operation> ? [init?: Options<Operation, As>] : [init: Options<Operation, As>]
) => Promise<FetchResponse<Operation, { parseAs: As }, Media>>;

/** One method for each operationId, on any openapi-fetch client of these paths. */
export declare function calls<Media extends MediaType = MediaType>(client: AnyClient): {
  /** Register a face */
  "ApiSubjectsPost": Call<paths["/subjects"]["post"], Media>;
  /** Replace a registered face */
  "ApiSubjectsByIdPut": Call<paths["/subjects/{id}"]["put"], Media>;
  /** Unregister a face */
  "ApiSubjectsByIdDelete": Call<paths["/subjects/{id}"]["delete"], Media>;
  /** Measure the faces in a picture */
  "ApiFaceExtractPost": Call<paths["/face/extract"]["post"], Media>;
  /** Search the gallery for a face */
  "ApiFaceSearchPost": Call<paths["/face/search"]["post"], Media>;
  /** Verify a face against one subject */
  "ApiFaceVerifyPost": Call<paths["/face/verify"]["post"], Media>;
};
