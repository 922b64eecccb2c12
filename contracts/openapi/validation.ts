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
};
export type ParameterPlace = "path" | "query" | "header" | "cookie";

/** One reason why a request or an answer breaks the contract. */
export type Violation = {
  /** `body`, `path`, `query`, `header` or `status`, then property names: `["body", "threshold"]`. */
  place: string[];
  /** The JSON Schema keyword that refused, or `status`, `mediaType`, `json`. */
  keyword: string;
  /** The keyword's own facts, as ajv gives them: `{ limit: 9999 }`, `{ missingProperty: "face" }`. */
  params: Record<string, unknown>;
  message: string;
};

/** A decoded request, ready to be judged. `body` is `undefined` when none was sent. */
export type JudgedRequest = {
  mediaType: string | undefined;
  body: unknown;
  pathParameters: Record<string, string>;
  query: Record<string, string | string[]>;
  /** Names in lower case. */
  headers: Record<string, string>;
};

/** A decoded answer, ready to be judged. */
export type JudgedAnswer = {
  status: number;
  mediaType: string | undefined;
  body: unknown;
  headers: Record<string, string>;
};

/** Judges requests and answers of a contract by its compiled validators. */
export type Validation = {
  /** The reasons why the request breaks the contract, at most 100 for each part; empty when it keeps it. */
  request(key: string, request: JudgedRequest): Violation[];
  /** The reasons why the answer breaks the contract; an undocumented status or media type is one. */
  answer(key: string, answer: JudgedAnswer): Violation[];
};

/** @see https://json-schema.org/draft/2020-12/json-schema-validation */
export function createValidation(validators: Validators): Validation {
  return {
    request(key, request) {
      const parameters = parameterViolations(validators.parameters[key], request);
      const body = requestBodyViolations(validators.requestBody[key], request);
      return parameters.length === 0 ? body : [...parameters, ...body];
    },
    answer(key, answer) {
      const contents = validators.responseBody[key]?.[answer.status];
      if (!contents)
        return [undocumented("status", String(answer.status), `status ${answer.status} is not documented`)];
      return [
        ...answerBodyViolations(contents, answer),
        ...judge(validators.responseHeaders[key]?.[answer.status], answer.headers, ["header"]),
      ];
    },
  };
}

function parameterViolations(
  functions: Partial<Record<ParameterPlace, ValidateFunction>> = {},
  request: JudgedRequest,
): Violation[] {
  const { path, query, header } = functions;
  if (!path && !query && !header) return [];
  // Validators coerce text to the declared types in place, so each gets a copy.
  return [
    ...(path ? judge(path, { ...request.pathParameters }, ["path"]) : []),
    ...(query ? judge(query, { ...request.query }, ["query"]) : []),
    ...(header ? judge(header, { ...request.headers }, ["header"]) : []),
  ];
}

function requestBodyViolations(
  described: Validators["requestBody"][string] | undefined,
  request: JudgedRequest,
): Violation[] {
  if (!described) return [];
  if (request.body === undefined) {
    if (!described.required) return [];
    // An absent body lacks what an empty one lacks, so that the answer names the property.
    const [validate] = Object.values(described.content);
    const missing = judge(validate, {}, ["body"]);
    return missing.length > 0
      ? missing
      : [undocumented("body", "required", "a request body must be provided")];
  }
  const validate = contentFor(described.content, request.mediaType ?? "application/json");
  if (validate) return judge(validate, request.body, ["body"]);
  return [undocumented("header", "mediaType", `media type ${request.mediaType} is not taken here`)];
}

function answerBodyViolations(contents: Record<string, ValidateFunction>, answer: JudgedAnswer): Violation[] {
  const documented = Object.keys(contents);
  if (documented.length === 0) {
    return answer.body === undefined ? [] : [undocumented("body", "body", "a body is not documented here")];
  }
  const validate = contentFor(contents, answer.mediaType);
  if (validate) return judge(validate, answer.body, ["body"]);
  const message = `media type ${answer.mediaType ?? "(none)"} is not documented; documented: ${documented.join(", ")}`;
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

/** A body can be wrong in as many places as it has values; nobody reads more than these. */
const mostViolations = 100;

function judge(validate: ValidateFunction | undefined, value: unknown, place: string[]): Violation[] {
  if (!validate || validate(value)) return [];
  return (validate.errors ?? []).slice(0, mostViolations).map((error) => ({
    place: [...place, ...error.instancePath.split("/").slice(1).map(unescapePointer)],
    keyword: error.keyword,
    params: error.params,
    message: error.message ?? error.keyword,
  }));
}

function undocumented(place: string, keyword: string, message: string): Violation {
  return { place: [place], keyword, params: {}, message };
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-4 */
function unescapePointer(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
