import { parsePointer } from "./pointer.ts";

/** What an ajv function compiled ahead of time looks like from outside. */
export type ValidateFunction = {
  (value: unknown): boolean;
  errors?:
    | { instancePath: string; keyword: string; params: Record<string, unknown>; message?: string }[]
    | null;
};

/** The shape of a generated `validators.js`; keys are operation keys. */
export type Validators = {
  requestBody: Record<string, { required: boolean; content: Record<string, ValidateFunction> }>;
  parameters: Record<string, Partial<Record<ParameterPlace, ValidateFunction>>>;
  responseBody: Record<string, Record<string, Record<string, ValidateFunction>>>;
  responseHeaders: Record<string, Record<string, ValidateFunction | undefined>>;
  /** Texts that are known to be Base64 while a value is validated. */
  known?: { base64: readonly string[] };
};
export type ParameterPlace = "path" | "query" | "header" | "cookie";

/** One reason why a request or a response is invalid. */
export type Violation = {
  /** `body`, `path`, `query`, `header` or `status`, then property names: `["body", "threshold"]`. */
  place: string[];
  /** The JSON Schema keyword that failed, or `status`, `mediaType`, `json`. */
  keyword: string;
  /** The keyword's own facts, as ajv gives them: `{ limit: 9999 }`, `{ missingProperty: "face" }`. */
  params: Record<string, unknown>;
  message: string;
};

/** A decoded request. `body` is `undefined` when none was sent. */
export type RequestParts = {
  mediaType: string | undefined;
  body: unknown;
  /** Texts of the body that are known to be Base64, and not validated as such again. */
  base64Texts?: readonly string[];
  pathParameters: Record<string, string>;
  query: Record<string, string | string[]>;
  /** Names in lower case. */
  headers: Record<string, string>;
};

/** A decoded response. `body` is `undefined` when none came. */
export type ResponseParts = {
  status: number;
  mediaType: string | undefined;
  body: unknown;
  /** Names in lower case. */
  headers: Record<string, string>;
};

/** Validates requests and responses of a contract. */
export type Validation = {
  /** The violations of a request to the operation of that key, at most 100 for each part; empty when it is valid. */
  request(key: string, request: RequestParts): Violation[];
  /** The violation of a body's media type, before the body is read. */
  mediaType(key: string, mediaType: string | undefined): Violation | undefined;
  /** The violations of a response of that operation; an undocumented status or media type is one. */
  response(key: string, response: ResponseParts): Violation[];
};

/**
 * Makes the validation of a contract from its compiled validators.
 * @see https://json-schema.org/draft/2020-12/json-schema-validation
 */
export function createValidation(validators: Validators): Validation {
  return {
    request(key, request) {
      const parameters = parameterViolations(validators.parameters[key], request);
      const { known } = validators;
      if (known) known.base64 = request.base64Texts ?? none;
      const body = requestBodyViolations(validators.requestBody[key], request);
      if (known) known.base64 = none;
      return parameters.length === 0 ? body : [...parameters, ...body];
    },
    mediaType(key, mediaType) {
      const content = validators.requestBody[key]?.content;
      return content && !contentFor(content, mediaType ?? "application/json")
        ? unsupported(mediaType)
        : undefined;
    },
    response(key, response) {
      const { status, headers } = response;
      const contents = validators.responseBody[key]?.[status];
      if (!contents) return [undocumented("status", String(status), `status ${status} is not documented`)];
      return [
        ...responseBodyViolations(contents, response),
        ...validate(validators.responseHeaders[key]?.[status], headers, ["header"]),
      ];
    },
  };
}

function parameterViolations(
  functions: Partial<Record<ParameterPlace, ValidateFunction>> = {},
  request: RequestParts,
): Violation[] {
  const { path, query, header } = functions;
  if (!path && !query && !header) return [];
  // Validators coerce text to the declared types in place, so each gets a copy.
  return [
    ...(path ? validate(path, { ...request.pathParameters }, ["path"]) : []),
    ...(query ? validate(query, { ...request.query }, ["query"]) : []),
    ...(header ? validate(header, { ...request.headers }, ["header"]) : []),
  ];
}

function requestBodyViolations(
  described: Validators["requestBody"][string] | undefined,
  request: RequestParts,
): Violation[] {
  if (!described) return [];
  if (request.body === undefined) {
    if (!described.required) return [];
    // An absent body lacks what an empty one lacks, so that the violation names the property.
    const [validator] = Object.values(described.content);
    const missing = validate(validator, {}, ["body"]);
    return missing.length > 0
      ? missing
      : [undocumented("body", "required", "a request body must be provided")];
  }
  const validator = contentFor(described.content, request.mediaType ?? "application/json");
  if (validator) return validate(validator, request.body, ["body"]);
  return [unsupported(request.mediaType)];
}

function unsupported(mediaType: string | undefined): Violation {
  return undocumented("header", "mediaType", `media type ${mediaType} is not taken here`);
}

function responseBodyViolations(
  contents: Record<string, ValidateFunction>,
  response: ResponseParts,
): Violation[] {
  const documented = Object.keys(contents);
  if (documented.length === 0) {
    return response.body === undefined ? [] : [undocumented("body", "body", "a body is not documented here")];
  }
  const validator = contentFor(contents, response.mediaType);
  if (validator) return validate(validator, response.body, ["body"]);
  const message = `media type ${response.mediaType ?? "(none)"} is not documented; documented: ${documented.join(", ")}`;
  return [undocumented("header", "mediaType", message)];
}

function contentFor(
  contents: Record<string, ValidateFunction>,
  mediaType: string | undefined,
): ValidateFunction | undefined {
  if (mediaType !== undefined && Object.hasOwn(contents, mediaType)) return contents[mediaType];
  const type = (mediaType ?? "").split(";")[0]!.trim().toLowerCase();
  const ranges = [type, `${type.split("/")[0]}/*`, "*/*"];
  // A media type may also be called `__proto__`.
  const documented = ranges.find((range) => Object.hasOwn(contents, range));
  return documented === undefined ? undefined : contents[documented];
}

const none: readonly string[] = [];

/** A body can be wrong in as many places as it has values. Nobody reads more than these. */
const mostViolations = 100;

function validate(validator: ValidateFunction | undefined, value: unknown, place: string[]): Violation[] {
  if (!validator || validator(value)) return [];
  return (validator.errors ?? []).slice(0, mostViolations).map((error) => ({
    place: [...place, ...parsePointer(error.instancePath)],
    keyword: error.keyword,
    params: error.params,
    message: error.message ?? error.keyword,
  }));
}

function undocumented(place: string, keyword: string, message: string): Violation {
  return { place: [place], keyword, params: {}, message };
}
