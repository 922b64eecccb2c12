import { gzipSync } from "node:zlib";
import type { ReceivedResponse } from "../../../contracts/verify/wire.ts";
import { attributes as sample } from "../pacts/expectations.ts";
import {
  answered,
  at,
  type Change,
  extract,
  health,
  jsonOf,
  type Mutant,
  mutantsOf,
  on,
  type Row,
  register,
  search,
  unregister,
  update,
  verify,
  withBody,
  withHeader,
} from "./mutant.ts";

/** Providers whose single answers are wrong. */
export function responseMutants(): Mutant[] {
  return [
    ...mutantsOf("types", types),
    ...mutantsOf("presence", presence),
    ...mutantsOf("values", values),
    ...mutantsOf("arrays", arrays),
    ...mutantsOf("status codes", statusCodes),
    ...mutantsOf("headers and bytes", headersAndBytes),
  ];
}

const inList = (value: unknown) => [value];

const types: Row[] = [
  [register, "register-left", "faceArea.left is a number", on(201, at("/attributes/faceArea/left", Number))],
  [register, "register-roll", "faceRoll is a number", on(201, at("/attributes/faceRoll", Number))],
  [register, "register-face-score", "faceScore is a number", on(201, at("/attributes/faceScore", Number))],
  [register, "register-id", "the id is a number", on(201, at("/id", 17))],
  [register, "register-list", "the subject is a list of one", on(201, at("", inList))],
  [register, "register-area-null", "faceArea is null", on(201, at("/attributes/faceArea", null))],
  [register, "register-error-code", "errorCode is text", on(400, at("/errorCode", String))],
  [
    update,
    "update-bottom",
    "headArea.bottom is a number",
    on(200, at("/attributes/headArea/bottom", Number)),
  ],
  [update, "update-eye", "rightEyeCenter.x is a number", on(200, at("/attributes/rightEyeCenter/x", Number))],
  [
    update,
    "update-attributes-text",
    "attributes are JSON in text",
    on(200, at("/attributes", JSON.stringify)),
  ],
  [
    extract,
    "extract-second-pan",
    "facePan of the second face is a number",
    on(200, at("/faces/1/attributes/facePan", Number)),
  ],
  [
    extract,
    "extract-faces-object",
    "faces is an object",
    on(
      200,
      at("/faces", (faces: unknown[]) => ({ ...faces })),
    ),
  ],
  [search, "search-score", "a candidate's score is text", on(200, at("/candidates/*/score", String))],
  [search, "search-tilt", "faceTilt is a number", on(200, at("/attributes/faceTilt", Number))],
  [
    search,
    "search-candidates-object",
    "the candidates are one object",
    on(
      200,
      at("/candidates", ([first]: unknown[]) => first),
    ),
  ],
  [verify, "verify-score", "the score is text", on(200, at("/score", String))],
  [
    verify,
    "verify-score-decimal",
    "the score is no whole number",
    on(
      200,
      at("/score", (score: number) => score - 0.5),
    ),
  ],
  [verify, "verify-id-list", "the id is a list of one", on(200, at("/id", inList))],
  [verify, "verify-message-null", "the message of an error is null", on(400, at("/message", null))],
  [health, "health-status", "the status of health is true", on(200, at("/status", true))],
];

const presence: Row[] = [
  [register, "register-no-id", "the id is missing", on(201, at("/id", undefined))],
  [register, "register-no-attributes", "the attributes are missing", on(201, at("/attributes", undefined))],
  [
    register,
    "register-no-quality",
    "faceQualityScore is missing",
    on(201, at("/attributes/faceQualityScore", undefined)),
  ],
  [register, "register-surplus", "the subject has a property more", on(201, at("/created", "2018-08-16"))],
  [register, "register-no-error-type", "errorType is missing", on(400, at("/errorType", undefined))],
  [update, "update-no-top", "headArea.top is missing", on(200, at("/attributes/headArea/top", undefined))],
  [update, "update-no-message", "the message of an error is missing", on(400, at("/message", undefined))],
  [update, "update-no-roll", "faceRoll is missing", on(200, at("/attributes/faceRoll", undefined))],
  [
    extract,
    "extract-second-no-eye",
    "leftEyeCenter of the second face is missing",
    on(200, at("/faces/1/attributes/leftEyeCenter", undefined)),
  ],
  [
    extract,
    "extract-published-form",
    "each face is the attributes themselves",
    on(
      200,
      at("/faces/*", ({ attributes }: { attributes: unknown }) => attributes),
    ),
  ],
  [extract, "extract-surplus", "a count stands beside the faces", on(200, at("/count", 1))],
  [
    search,
    "search-no-attributes",
    "the probe's attributes are missing",
    on(200, at("/attributes", undefined)),
  ],
  [
    search,
    "search-no-score",
    "the first candidate has no score",
    on(200, at("/candidates/0/score", undefined)),
  ],
  [search, "search-no-id", "the candidates have no ids", on(200, at("/candidates/*/id", undefined))],
  [search, "search-named", "the candidates have names", on(200, at("/candidates/*/name", "Alice"))],
  [search, "search-no-error-code", "errorCode is missing", on(400, at("/errorCode", undefined))],
  [verify, "verify-no-score", "the score is missing", on(200, at("/score", undefined))],
  [verify, "verify-no-id", "the id is missing", on(200, at("/id", undefined))],
  [verify, "verify-surplus", "the candidate has a property more", on(200, at("/verified", true))],
  [health, "health-surplus", "health shows the version", on(200, at("/version", "1.0"))],
];

type Attributes = typeof sample;
const mirrored = ({ rightEyeCenter, leftEyeCenter, ...others }: Attributes) => ({
  ...others,
  rightEyeCenter: leftEyeCenter,
  leftEyeCenter: rightEyeCenter,
});
const turned = ({ left, right, ...others }: Attributes["faceArea"]) => ({
  ...others,
  left: right,
  right: left,
});

const values: Row[] = [
  [
    register,
    "register-id-prefix",
    "the id lacks its prefix",
    on(
      201,
      at("/id", (id: string) => id.replace("necidguid-", "")),
    ),
  ],
  [
    register,
    "register-id-digits",
    "the id has letters that are no hexadecimal digits",
    on(
      201,
      at("/id", (id: string) => id.replace(/.$/, "z")),
    ),
  ],
  [
    register,
    "register-comma",
    "faceRoll has a decimal comma",
    on(
      201,
      at("/attributes/faceRoll", (roll: string) => `${Number.parseInt(roll, 10)},5`),
    ),
  ],
  [
    register,
    "register-score-percent",
    "faceScore is a percentage",
    on(201, at("/attributes/faceScore", "99.9591")),
  ],
  [
    register,
    "register-wording",
    "the documented message is worded otherwise",
    on(
      400,
      at("/message", (text: string) => text.replace("must be provided", "is required")),
    ),
  ],
  [
    register,
    "register-code-of-type",
    "the errorCode is another error's",
    on(
      400,
      at("/errorCode", (code: number) => (code === 1001 ? 2001 : code)),
    ),
  ],
  [
    register,
    "register-sample",
    "the attributes are the sample's, whoever is sent",
    on(201, at("/attributes", sample)),
  ],
  [
    update,
    "update-pixel-decimals",
    "faceArea.left has decimals",
    on(
      200,
      at("/attributes/faceArea/left", (left: string) => `${left}.0`),
    ),
  ],
  [
    update,
    "update-plus",
    "facePan has a plus sign",
    on(
      200,
      at("/attributes/facePan", (pan: string) => `+${pan.replace("-", "")}`),
    ),
  ],
  [
    update,
    "update-sample",
    "the attributes are the sample's, whoever is sent",
    on(200, at("/attributes", sample)),
  ],
  [
    extract,
    "extract-nan",
    "faceQualityScore is NaN in text",
    on(200, at("/faces/*/attributes/faceQualityScore", "NaN")),
  ],
  [extract, "extract-empty-tilt", "faceTilt is empty text", on(200, at("/faces/*/attributes/faceTilt", ""))],
  [
    extract,
    "extract-exponent",
    "faceScore is written with an exponent",
    on(
      200,
      at("/faces/*/attributes/faceScore", (score: string) => Number(score).toExponential()),
    ),
  ],
  [
    extract,
    "extract-area-turned",
    "left and right of faceArea are exchanged",
    on(200, at("/faces/*/attributes/faceArea", turned)),
  ],
  [extract, "extract-eyes", "the eyes are exchanged", on(200, at("/faces/*/attributes", mirrored))],
  [
    extract,
    "extract-upside-down",
    "faceRoll is half a turn off",
    on(
      200,
      at("/faces/*/attributes/faceRoll", (roll: string) => String(Number(roll) + 180)),
    ),
  ],
  [search, "search-score-below", "a score is below zero", on(200, at("/candidates/*/score", -1))],
  [search, "search-score-beyond", "a score is beyond the scale", on(200, at("/candidates/0/score", 10_000))],
  [
    search,
    "search-error-type",
    "errorType is spelled otherwise",
    on(
      400,
      at("/errorType", (type: string) => type.toUpperCase()),
    ),
  ],
  [
    search,
    "search-sample",
    "the attributes are the sample's, whoever is sent",
    on(200, at("/attributes", sample)),
  ],
  [
    verify,
    "verify-score-beyond",
    "the score is ten times too high",
    on(
      200,
      at("/score", (score: number) => score * 10),
    ),
  ],
  [
    verify,
    "verify-id-case",
    "the id that was asked comes back in another case",
    on(
      200,
      at("/id", (id: string) => id.replace(/[0-9a-f-]{23}$/, (digits) => digits.toUpperCase())),
    ),
  ],
  [
    verify,
    "verify-no-face-type",
    "a picture without a face is called too poor",
    on(
      400,
      at("", (error: { errorType: string }) =>
        error.errorType === "NoFace" ? { ...error, errorCode: 2002, errorType: "PoorQuality" } : error,
      ),
    ),
  ],
  [health, "health-up", "health says UP", on(200, at("/status", "UP"))],
];

type Candidate = { id: string; score: number };
type Face = { attributes: unknown };
const copied = (number: number) => (faces: Face[]) => [
  ...faces,
  ...Array<unknown>(number).fill(faces.at(-1)),
];

const arrays: Row[] = [
  [
    extract,
    "extract-first-only",
    "only the first face is measured",
    on(
      200,
      at("/faces", (faces: Face[]) => faces.slice(0, 1)),
    ),
  ],
  [
    extract,
    "extract-twice",
    "the last face is listed twice",
    on(
      200,
      at("/faces", (faces: Face[]) => (faces.length > 1 ? copied(1)(faces).slice(1) : faces)),
    ),
  ],
  [
    extract,
    "extract-surplus-face",
    "a picture of one person has two faces",
    on(
      200,
      at("/faces", (faces: Face[]) => (faces.length === 1 ? copied(1)(faces) : faces)),
    ),
  ],
  [
    extract,
    "extract-beyond-twenty",
    "more than twenty faces are listed",
    on(
      200,
      at("/faces", (faces: Face[]) => (faces.length === 20 ? copied(5)(faces) : faces)),
    ),
  ],
  [
    extract,
    "extract-stops-at-ten",
    "ten faces are listed at most",
    on(
      200,
      at("/faces", (faces: Face[]) => faces.slice(0, 10)),
    ),
  ],
  [
    extract,
    "extract-null-face",
    "the last of several faces is null",
    on(
      200,
      at("/faces", (faces: Face[]) => (faces.length > 1 ? [...faces.slice(0, -1), null] : faces)),
    ),
  ],
  [
    extract,
    "extract-empty",
    "no face is an empty list",
    on(404, (response) => answered(response, 200, { faces: [] })),
  ],
  [
    search,
    "search-worst-first",
    "the worst candidate stands first",
    on(
      200,
      at("/candidates", (all: Candidate[]) => all.toReversed()),
    ),
  ],
  [
    search,
    "search-unsorted",
    "the candidates stand by their ids",
    on(
      200,
      at("/candidates", (all: Candidate[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1))),
    ),
  ],
  [
    search,
    "search-twice",
    "the best candidate is listed twice",
    on(
      200,
      at("/candidates", (all: Candidate[]) => [all[0], ...all]),
    ),
  ],
  [
    search,
    "search-best-missing",
    "of several candidates the best is missing",
    on(
      200,
      at("/candidates", (all: Candidate[]) => (all.length > 1 ? all.slice(1) : all)),
    ),
  ],
  [
    search,
    "search-last-missing",
    "of several candidates the last is missing",
    on(
      200,
      at("/candidates", (all: Candidate[]) => (all.length > 1 ? all.slice(0, -1) : all)),
    ),
  ],
  [
    search,
    "search-null",
    "a null stands after the candidates",
    on(
      200,
      at("/candidates", (all: Candidate[]) => [...all, null]),
    ),
  ],
  [
    search,
    "search-empty",
    "nobody found is an empty list",
    on(404, (response) => answered(response, 200, { candidates: [], attributes: sample })),
  ],
];

const status =
  (number: number): Change =>
  (response) => ({ ...response, status: number });
const invalid = { message: "The request is invalid.", errorCode: 1001, errorType: "InvalidRequest" };

const statusCodes: Row[] = [
  [register, "register-200", "a registration answers 200", on(201, status(200))],
  [register, "register-422", "an invalid request answers 422", on(400, status(422))],
  [
    register,
    "register-large-400",
    "a body too large answers 400",
    on(413, (response) => answered(response, 400, invalid)),
  ],
  [update, "update-201", "an update answers 201", on(200, status(201))],
  [update, "update-204", "an update answers 204", on(200, (response) => answered(response, 204))],
  [
    update,
    "update-unknown-400",
    "an unknown id answers 400",
    on(404, (response) => answered(response, 400, invalid)),
  ],
  [unregister, "unregister-200", "an unregistration answers 200", on(204, status(200))],
  [unregister, "unregister-202", "an unregistration answers 202", on(204, status(202))],
  [unregister, "unregister-unknown-204", "an unknown id answers 204", on(404, status(204))],
  [unregister, "unregister-unknown-410", "an unknown id answers 410", on(404, status(410))],
  [
    extract,
    "extract-no-face-400",
    "no face answers 400",
    on(404, (response) => answered(response, 400, { ...invalid, errorCode: 2001, errorType: "NoFace" })),
  ],
  [extract, "extract-201", "a measurement answers 201", on(200, status(201))],
  [search, "search-nobody-204", "nobody found answers 204", on(404, status(204))],
  [
    search,
    "search-media-type-400",
    "another media type answers 400",
    on(415, (response) => answered(response, 400, invalid)),
  ],
  [
    verify,
    "verify-unknown-400",
    "another person answers 400",
    on(404, (response) => answered(response, 400, invalid)),
  ],
  [verify, "verify-202", "a verification answers 202", on(200, status(202))],
  [
    verify,
    "verify-no-face-404",
    "no face answers 404",
    on(400, (response) => (jsonOf(response)?.errorType === "NoFace" ? answered(response, 404) : response)),
  ],
  [verify, "verify-invalid-403", "an invalid request answers 403", on(400, status(403))],
  [health, "health-201", "health answers 201", on(200, status(201))],
  ["OPTIONS /subjects", "preflight-204", "a preflight answers 204", on(200, status(204))],
];

const header =
  (name: string, value?: string): Change =>
  (response) =>
    withHeader(response, name, value);
const bytes =
  (change: (body: Buffer) => Buffer): Change =>
  (response) =>
    withBody(response, change(response.body));
const text = (change: (body: string) => string): Change =>
  bytes((body) => Buffer.from(change(body.toString())));
const latin1: Change = bytes((body) =>
  Buffer.from(body.toString().replace(/"message":"/, '"message":"é'), "latin1"),
);
const zipped = (response: ReceivedResponse) =>
  withHeader(withBody(response, gzipSync(response.body)), "content-encoding", "gzip");
const emptyObject: Change = (response) => answered(response, response.status, {});

const headersAndBytes: Row[] = [
  [register, "register-plain", "a subject is text/plain", on(201, header("content-type", "text/plain"))],
  [
    register,
    "register-problem",
    "an error is application/problem+json",
    on(400, header("content-type", "application/problem+json")),
  ],
  [register, "register-no-request-id", "x-amzn-requestid is missing", on(201, header("x-amzn-requestid"))],
  [
    register,
    "register-trailing-comma",
    "the JSON has a trailing comma",
    on(
      201,
      text((body) => body.replace(/\}$/, ",}")),
    ),
  ],
  [
    register,
    "register-doubled",
    "the answer is sent twice in one body",
    on(
      201,
      text((body) => body + body),
    ),
  ],
  [
    update,
    "update-mark",
    "the body begins with a byte order mark",
    on(
      200,
      text((body) => `\ufeff${body}`),
    ),
  ],
  [update, "update-404-body", "a 404 has a body", on(404, emptyObject)],
  [
    update,
    "update-request-id-form",
    "x-amzn-requestid is no UUID",
    on(200, header("x-amzn-requestid", "42")),
  ],
  [
    unregister,
    "unregister-204-body",
    "a 204 has a body",
    on(204, (response) => ({ ...withBody(response, "{}"), status: 204 })),
  ],
  [unregister, "unregister-204-length", "a 204 announces a body", on(204, header("content-length", "2"))],
  [
    extract,
    "extract-cut-off",
    "the body is cut off",
    on(
      200,
      bytes((body) => body.subarray(0, -10)),
    ),
  ],
  [
    extract,
    "extract-utf-16",
    "the body is UTF-16",
    on(
      200,
      bytes((body) => Buffer.from(body.toString(), "utf16le")),
    ),
  ],
  [extract, "extract-latin-1", "an error's message is Latin-1", on(400, latin1)],
  [
    search,
    "search-charset",
    "the charset is iso-8859-1",
    on(200, header("content-type", "application/json; charset=iso-8859-1")),
  ],
  [
    search,
    "search-key-twice",
    "a key stands twice",
    on(
      200,
      text((body) => body.replace(/^\{/, '{"candidates":[],')),
    ),
  ],
  [search, "search-no-gateway-id", "x-amz-apigw-id is missing", on(200, header("x-amz-apigw-id"))],
  [search, "search-zipped", "the body is compressed unasked", on(200, zipped)],
  [verify, "verify-no-type", "the media type is missing", on(200, header("content-type"))],
  [
    verify,
    "verify-2-53",
    "the score is beyond 2^53",
    on(
      200,
      text((body) => body.replace(/"score":\d+/, '"score":9007199254740993')),
    ),
  ],
  [
    verify,
    "verify-nul",
    "the body ends with a NUL",
    on(
      200,
      text((body) => `${body}\0`),
    ),
  ],
  [verify, "verify-404-body", "a 404 has a body", on(404, emptyObject)],
  [
    health,
    "health-413-no-type",
    "a body too large is refused in JSON without a media type",
    on(413, header("content-type")),
  ],
  [
    health,
    "health-page",
    "health is a page",
    on(200, (response) => withHeader(withBody(response, "<h1>OK</h1>"), "content-type", "text/html")),
  ],
  [
    "OPTIONS /subjects",
    "preflight-no-origin",
    "a preflight allows no origin",
    on(200, header("access-control-allow-origin")),
  ],
  [
    "OPTIONS /face/search",
    "preflight-no-post",
    "a preflight does not allow POST",
    on(200, header("access-control-allow-methods", "OPTIONS")),
  ],
  [
    "OPTIONS /face/verify",
    "preflight-no-key",
    "a preflight does not allow x-api-key",
    on(200, header("access-control-allow-headers", "content-type,authorization,x-amz-date")),
  ],
];
