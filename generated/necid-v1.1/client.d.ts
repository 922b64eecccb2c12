// Written by `npm run generate` from spec/necid-v1.1.yaml. Do not edit.

import type { FetchOptions, FetchResponse, ParseAs } from "openapi-fetch";
import type { paths } from "./schema.d.ts";

/** The first server of the contract. */
export declare const serverUrl: "https://api.id.nec.com.au/v1.1";

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
  readonly "ApiSubjectsGet": Operation<"GET", "/subjects">;
  readonly "ApiSubjectsPost": Operation<"POST", "/subjects">;
  readonly "OPTIONS /subjects": Operation<"OPTIONS", "/subjects">;
  readonly "ApiSubjectsByIdPut": Operation<"PUT", "/subjects/{subjectId}">;
  readonly "ApiSubjectsByIdDelete": Operation<"DELETE", "/subjects/{subjectId}">;
  readonly "OPTIONS /subjects/{subjectId}": Operation<"OPTIONS", "/subjects/{subjectId}">;
  readonly "ApiSubjectsByIdEventsGet": Operation<"GET", "/subjects/{subjectId}/events">;
  readonly "ApiSubjectsByIdEventsPost": Operation<"POST", "/subjects/{subjectId}/events">;
  readonly "OPTIONS /subjects/{subjectId}/events": Operation<"OPTIONS", "/subjects/{subjectId}/events">;
  readonly "ApiSubjectsByIdEventByIdPut": Operation<"PUT", "/subjects/{subjectId}/events/{eventId}">;
  readonly "ApiSubjectsByIdEventByIdDelete": Operation<"DELETE", "/subjects/{subjectId}/events/{eventId}">;
  readonly "OPTIONS /subjects/{subjectId}/events/{eventId}": Operation<"OPTIONS", "/subjects/{subjectId}/events/{eventId}">;
  readonly "Get": Operation<"GET", "/tags">;
  readonly "OPTIONS /tags": Operation<"OPTIONS", "/tags">;
  readonly "CreateTag": Operation<"POST", "/tags/{name}">;
  readonly "UpdateTag": Operation<"PUT", "/tags/{name}">;
  readonly "DeleteTag": Operation<"DELETE", "/tags/{name}">;
  readonly "OPTIONS /tags/{name}": Operation<"OPTIONS", "/tags/{name}">;
  readonly "BulkRegister": Operation<"POST", "/jobs/bulkregister">;
  readonly "OPTIONS /jobs/bulkregister": Operation<"OPTIONS", "/jobs/bulkregister">;
  readonly "GetBulkRegisterProgress": Operation<"GET", "/jobs/bulkregister/{batchId}">;
  readonly "OPTIONS /jobs/bulkregister/{batchId}": Operation<"OPTIONS", "/jobs/bulkregister/{batchId}">;
  readonly "GetBulkRegisterProgressPaged": Operation<"GET", "/jobs/bulkregister/{batchId}/{pagingId}">;
  readonly "OPTIONS /jobs/bulkregister/{batchId}/{pagingId}": Operation<"OPTIONS", "/jobs/bulkregister/{batchId}/{pagingId}">;
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
  "ApiSubjectsGet": { "200": "documented"; "400": "InvalidRequest"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "ApiSubjectsPost": { "201": "documented"; "400": "InvalidRequest" | "NoFace" | "PoorQuality" | "MultipleFaces"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /subjects": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiSubjectsByIdPut": { "200": "documented"; "400": "InvalidRequest" | "NoFace" | "PoorQuality" | "MultipleFaces"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "ApiSubjectsByIdDelete": { "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /subjects/{subjectId}": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiSubjectsByIdEventsGet": { "200": "documented"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "ApiSubjectsByIdEventsPost": { "201": "documented"; "400": "InvalidRequest" | "NoFace" | "PoorQuality" | "MultipleFaces"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /subjects/{subjectId}/events": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiSubjectsByIdEventByIdPut": { "200": "documented"; "400": "InvalidRequest" | "NoFace" | "PoorQuality" | "MultipleFaces"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "ApiSubjectsByIdEventByIdDelete": { "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /subjects/{subjectId}/events/{eventId}": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "Get": { "200": "documented"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /tags": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "CreateTag": { "400": "InvalidRequest" | "Duplicate"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "UpdateTag": { "400": "InvalidRequest" | "Duplicate"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "DeleteTag": { "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /tags/{name}": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "BulkRegister": { "200": "documented"; "400": "InvalidRequest"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /jobs/bulkregister": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "GetBulkRegisterProgress": { "200": "documented"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /jobs/bulkregister/{batchId}": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "GetBulkRegisterProgressPaged": { "200": "documented"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /jobs/bulkregister/{batchId}/{pagingId}": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiFaceExtractPost": { "200": "documented"; "400": "InvalidRequest"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /face/extract": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiFaceSearchPost": { "200": "documented"; "400": "InvalidRequest" | "NoFace" | "PoorQuality" | "MultipleFaces"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /face/search": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "ApiFaceVerifyPost": { "200": "documented" | "faceToFace"; "400": "InvalidRequest" | "InvalidRequestId" | "NoFace" | "PoorQuality" | "MultipleFaces"; "403": "MissingAuthenticationToken" | "IncompleteSignature" | "InvalidSignature" | "SignatureExpired" | "SignatureNotYetCurrent" | "UnrecognizedClient" | "Forbidden"; "413": "ContentTooLarge"; "415": "UnsupportedMediaType"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
  "OPTIONS /face/verify": { "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded" };
  "GET /health": { "200": "documented"; "413": "ContentTooLarge"; "429": "TooManyRequests" | "LimitExceeded"; "500": "InternalError" | "Timeout"; "502": "InternalServerError"; "504": "EndpointRequestTimedOut" };
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
  /** List the gallery */
  "ApiSubjectsGet": Call<paths["/subjects"]["get"], Media>;
  /** Register a face */
  "ApiSubjectsPost": Call<paths["/subjects"]["post"], Media>;
  /** Replace a registered face */
  "ApiSubjectsByIdPut": Call<paths["/subjects/{subjectId}"]["put"], Media>;
  /** Unregister a face */
  "ApiSubjectsByIdDelete": Call<paths["/subjects/{subjectId}"]["delete"], Media>;
  /** List the events of a subject */
  "ApiSubjectsByIdEventsGet": Call<paths["/subjects/{subjectId}/events"]["get"], Media>;
  /** Register another face of a subject */
  "ApiSubjectsByIdEventsPost": Call<paths["/subjects/{subjectId}/events"]["post"], Media>;
  /** Replace the face of an event */
  "ApiSubjectsByIdEventByIdPut": Call<paths["/subjects/{subjectId}/events/{eventId}"]["put"], Media>;
  /** Unregister an event */
  "ApiSubjectsByIdEventByIdDelete": Call<paths["/subjects/{subjectId}/events/{eventId}"]["delete"], Media>;
  /** List the tags */
  "Get": Call<paths["/tags"]["get"], Media>;
  /** Create a tag */
  "CreateTag": Call<paths["/tags/{name}"]["post"], Media>;
  /** Rename a tag */
  "UpdateTag": Call<paths["/tags/{name}"]["put"], Media>;
  /** Delete a tag */
  "DeleteTag": Call<paths["/tags/{name}"]["delete"], Media>;
  /** Register many faces */
  "BulkRegister": Call<paths["/jobs/bulkregister"]["post"], Media>;
  /** Follow a bulk registration */
  "GetBulkRegisterProgress": Call<paths["/jobs/bulkregister/{batchId}"]["get"], Media>;
  /** Follow a bulk registration, page by page */
  "GetBulkRegisterProgressPaged": Call<paths["/jobs/bulkregister/{batchId}/{pagingId}"]["get"], Media>;
  /** Measure the faces in a picture */
  "ApiFaceExtractPost": Call<paths["/face/extract"]["post"], Media>;
  /** Search the gallery for a face */
  "ApiFaceSearchPost": Call<paths["/face/search"]["post"], Media>;
  /** Verify a face against one subject, or against another face */
  "ApiFaceVerifyPost": Call<paths["/face/verify"]["post"], Media>;
};
