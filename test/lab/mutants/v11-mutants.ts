import type { ReceivedResponse } from "../../../contracts/verify/wire.ts";
import {
  answered,
  at,
  type Change,
  jsonOf,
  type Mutant,
  mutantsOf,
  on,
  type Row,
  withHeader,
} from "./mutant.ts";
import type { Alter, Passage } from "./proxy.ts";

/** Providers of v1.1 that break one promise each, of those that v1 does not make. */
export function v11Mutants(): Mutant[] {
  return [
    ...mutantsOf("types", fields.flatMap(typeRows)),
    ...mutantsOf("presence", fields.flatMap(presenceRows)),
    ...mutantsOf("values", [...fields.flatMap(valueRows), ...values]),
    ...mutantsOf("arrays", arrays),
    ...mutantsOf("status codes", statusCodes),
    ...mutantsOf("headers and bytes", operations.flatMap(headerRows)),
    ...mutantsOf("request rules", requestRules),
    ...mutantsOf("state", state),
  ];
}

/** One property of a response: its operation, status and pointer, and whether it may be missing. */
type Field = [
  operation: string,
  status: number,
  pointer: string,
  kind: "id" | "text" | "number",
  optional?: "optional",
];

const event = "ApiSubjectsByIdEventsPost";
const updateEvent = "ApiSubjectsByIdEventByIdPut";
const unregisterEvent = "ApiSubjectsByIdEventByIdDelete";
const listEvents = "ApiSubjectsByIdEventsGet";
const list = "ApiSubjectsGet";
const tags = "Get";
const start = "BulkRegister";
const follow = "GetBulkRegisterProgress";
const page = "GetBulkRegisterProgressPaged";
const search = "ApiFaceSearchPost";
const verify = "ApiFaceVerifyPost";
const extract = "ApiFaceExtractPost";

const fields: Field[] = [
  [list, 200, "/subjects/*/id", "id"],
  [list, 200, "/subjects/*/eventId", "id"],
  [list, 200, "/subjects/*/status", "text"],
  [list, 200, "/subjects/*/lastUpdated", "text"],
  [list, 200, "/total", "number"],
  [listEvents, 200, "/id", "id"],
  [listEvents, 200, "/events/*/id", "id"],
  [event, 201, "/id", "id"],
  [event, 201, "/attributes/faceRoll", "text"],
  [updateEvent, 200, "/id", "id"],
  [updateEvent, 200, "/eventId", "id"],
  [updateEvent, 200, "/attributes/faceScore", "text"],
  ["ApiSubjectsByIdPut", 200, "/eventId", "id"],
  [search, 200, "/candidates/*/events/*/id", "id"],
  [search, 200, "/candidates/*/events/*/score", "number"],
  [verify, 200, "/score", "number"],
  [start, 200, "/batchId", "id"],
  [follow, 200, "/processed/*/id", "text"],
  [follow, 200, "/processed/*/filename", "text"],
  [follow, 200, "/processed/*/attempts", "text"],
  [follow, 200, "/processed/*/status", "text"],
  [page, 200, "/batchId", "id"],
  [page, 200, "/processed/*/filename", "text"],
  [page, 200, "/processed/*/attempts", "text"],
  ["CreateTag", 400, "/errorType", "text"],
  ["CreateTag", 400, "/errorCode", "number"],
  ["UpdateTag", 400, "/message", "text"],
  [event, 400, "/errorType", "text"],
  [updateEvent, 400, "/errorCode", "number"],
  [start, 400, "/errorType", "text"],
  [list, 400, "/errorCode", "number"],
];

/** Every operation that v1 does not have. */
const operations: [operation: string, status: number][] = [
  [list, 200],
  [listEvents, 200],
  [event, 201],
  [updateEvent, 200],
  [unregisterEvent, 404],
  [tags, 200],
  ["CreateTag", 200],
  ["UpdateTag", 200],
  ["DeleteTag", 200],
  [start, 200],
  [follow, 200],
  [page, 200],
];

function nameOf([operation, status, pointer]: Field): string {
  return `v11-${operation}-${status}${pointer.replaceAll("/", "-").replaceAll("*", "each")}`;
}

/** Mistakes of the batch id would keep the other calls from their job. */
const isKey = ([operation, , pointer]: Field) => operation === start && pointer === "/batchId";

function typeRows(field: Field): Row[] {
  const [operation, status, pointer, kind] = field;
  if (isKey(field)) return [];
  const wrong = kind === "number" ? String : () => 17;
  return [
    [operation, nameOf(field), `${pointer} of ${status} has another type`, on(status, at(pointer, wrong))],
  ];
}

function presenceRows(field: Field): Row[] {
  const [operation, status, pointer] = field;
  if (isKey(field)) return [];
  return [
    [operation, nameOf(field), `${pointer} of ${status} is missing`, on(status, at(pointer, undefined))],
  ];
}

function valueRows(field: Field): Row[] {
  const [operation, status, pointer, kind] = field;
  if (isKey(field) || (kind !== "id" && !pointer.endsWith("errorType"))) return [];
  const title = `${pointer} of ${status} has another form`;
  return [
    [
      operation,
      nameOf(field),
      title,
      on(
        status,
        at(pointer, (value: unknown) => `x${value}`),
      ),
    ],
  ];
}

function headerRows([operation, status]: [string, number]): Row[] {
  const without = (name: string): Alter => on(status, (response) => withHeader(response, name));
  return [
    [operation, `v11-${operation}-no-request-id`, "the request id is missing", without("x-amzn-requestid")],
    [operation, `v11-${operation}-no-gateway-id`, "the gateway's id is missing", without("x-amz-apigw-id")],
  ];
}

const values: Row[] = [
  [list, "v11-list-status", "a row has an unknown status", on(200, at("/subjects/0/status", "X"))],
  [
    list,
    "v11-list-time",
    "a time has no offset",
    on(200, at("/subjects/*/lastUpdated", "2026-01-31T12:00:00")),
  ],
  [
    list,
    "v11-list-total",
    "the total is that of the page",
    on(
      200,
      ofBody((body) => ({ ...body, total: (body.subjects as unknown[]).length - 1 })),
    ),
  ],
  [
    verify,
    "v11-verify-subject",
    "two faces have an id too",
    toFaces(at("", (body: object) => ({ ...body, id: "necidguid-0000-4000-8000-000000000001" }))),
  ],
  [
    search,
    "v11-search-event-score",
    "the candidate has the score of its worst event",
    on(200, at("/candidates/*", worst)),
  ],
  [follow, "v11-follow-status", "a record has an unknown status", on(200, at("/processed/*/status", "Done"))],
  [
    follow,
    "v11-follow-register-status",
    "a record has an unknown result",
    on(200, at("/processed/*/registerStatus", "OK")),
  ],
  [
    follow,
    "v11-follow-batch",
    "the id is that of another job",
    on(200, at("/batchId", "batchguid-0000-4000-8000-000000000000")),
  ],
];

const arrays: Row[] = [
  [
    tags,
    "v11-tags-object",
    "the tags are in an object",
    on(200, (response) => answered(response, 200, { tags: jsonOf(response) })),
  ],
  [
    tags,
    "v11-tags-published",
    "the tags are in the published form",
    on(
      200,
      at("/*", (name: string) => ({ id: 1, name })),
    ),
  ],
  [
    list,
    "v11-list-bare",
    "the rows are not in an object",
    on(
      200,
      at("", (body: { subjects: unknown }) => body.subjects),
    ),
  ],
  [
    list,
    "v11-list-order",
    "the order is the other one",
    on(
      200,
      at("/subjects", (rows: unknown[]) => rows.toReversed()),
    ),
  ],
  [
    list,
    "v11-list-no-deleted",
    "deleted rows are left out",
    on(
      200,
      at("/subjects", (rows: { status: string }[]) => rows.filter(({ status }) => status === "A")),
    ),
  ],
  [
    listEvents,
    "v11-events-first",
    "only the first event is listed",
    on(
      200,
      at("/events", (all: unknown[]) => all.slice(0, 1)),
    ),
  ],
  [
    search,
    "v11-search-first-event",
    "a candidate has only its best event",
    on(
      200,
      at("/candidates/*/events", (all: unknown[]) => all.slice(0, 1)),
    ),
  ],
  [
    search,
    "v11-search-worst-first",
    "the worst event comes first",
    on(
      200,
      at("/candidates/*/events", (all: unknown[]) => all.toReversed()),
    ),
  ],
  [extract, "v11-extract-one-more", "extract exceeds its limit", beyondLimit],
  [
    follow,
    "v11-follow-half",
    "a page has half of its records",
    on(
      200,
      at("/processed", (all: unknown[]) => all.slice(0, Math.ceil(all.length / 2))),
    ),
  ],
  [
    follow,
    "v11-follow-order",
    "the records have another order",
    on(
      200,
      at("/processed", (all: unknown[]) => all.toReversed()),
    ),
  ],
  [
    follow,
    "v11-follow-no-key",
    "the key of the next page is missing",
    on(200, at("/lastEvaluatedKey", undefined)),
  ],
  [
    page,
    "v11-page-key",
    "the last page has a key",
    on(
      200,
      at("/lastEvaluatedKey", () => "5000"),
    ),
  ],
  [
    page,
    "v11-page-first",
    "each page is the first one",
    async ({ planned, send }) => send({ path: planned.path.replace(/\/[^/]+$/, "") }),
  ],
];

const statusCodes: Row[] = [
  ...statusOf(list, 404, 200, { subjects: [], total: 0 }),
  ...statusOf(listEvents, 404, 200, { id: "necidguid-0000-4000-8000-000000000000", events: [] }),
  ...statusOf(event, 201, 200),
  ...statusOf(event, 404, 400),
  ...statusOf(updateEvent, 200, 201),
  ...statusOf(updateEvent, 404, 200),
  ...statusOf(unregisterEvent, 404, 204),
  ...statusOf("CreateTag", 200, 201),
  ...statusOf("CreateTag", 400, 409),
  ...statusOf("UpdateTag", 200, 204),
  ...statusOf("UpdateTag", 404, 200),
  ...statusOf("UpdateTag", 400, 200),
  ...statusOf("DeleteTag", 200, 204),
  ...statusOf("DeleteTag", 404, 200),
  ...statusOf(tags, 200, 204),
  ...statusOf(start, 200, 202),
  ...statusOf(start, 400, 200),
  ...statusOf(follow, 200, 202),
  ...statusOf(follow, 404, 200),
  ...statusOf(page, 404, 200),
];

const requestRules: Row[] = [
  [search, "v11-search-ignores-tags", "search ignores its tags", without("tags")],
  [extract, "v11-extract-ignores-limit", "extract ignores its limit", without("limit")],
  [list, "v11-list-ignores-dir", "the list ignores its order", withQuery((query) => query.delete("dir"))],
  [list, "v11-list-ignores-start", "the list ignores its start", withQuery((query) => query.delete("start"))],
  [
    list,
    "v11-list-ignores-length",
    "the list ignores its length",
    withQuery((query) => query.delete("length")),
  ],
  [event, "v11-event-several", "an event takes a picture of several people", allowing("MultipleFaces", 201)],
  [updateEvent, "v11-update-event-poor", "an event takes a poor picture", allowing("PoorQuality", 200)],
  [
    "ApiSubjectsByIdPut",
    "v11-update-several",
    "an update takes a picture of several people",
    allowing("MultipleFaces", 200),
  ],
  [search, "v11-search-several", "search takes a picture of several people", allowing("MultipleFaces", 404)],
  [
    verify,
    "v11-verify-no-key",
    "a subject is verified without an API key",
    async ({ planned, send }) => (planned.signing === "no api key" ? send({ signing: "good" }) : send()),
  ],
  [
    verify,
    "v11-verify-key",
    "two faces need an API key",
    async ({ planned, send }) => forbiddenWithoutKey(planned.signing, await send()),
  ],
  [
    extract,
    "v11-extract-key",
    "extract needs an API key",
    async ({ planned, send }) => forbiddenWithoutKey(planned.signing, await send()),
  ],
];

const state: Row[] = [
  [
    event,
    "v11-event-nothing",
    "an event is registered nowhere",
    async ({ planned, send }) =>
      elsewhere(planned.path, await send({ path: "/subjects", method: "POST" }), 201),
  ],
  [
    unregisterEvent,
    "v11-unregister-event-keeps",
    "an event stays when it is unregistered",
    async ({ planned, send }) => {
      const response = await send({ method: "PUT", body: undefined });
      return response.status === 400 && !planned.path.includes("-0000-") ? answered(response, 204) : send();
    },
  ],
  [
    updateEvent,
    "v11-update-event-nothing",
    "an update of an event does nothing",
    async ({ planned, send }) => {
      const response = await send({
        operation: listEvents,
        method: "GET",
        path: planned.path.replace(/\/[^/]+$/, ""),
        body: undefined,
      });
      const events = (jsonOf(response)?.events ?? []) as { id: string }[];
      const [, , id, , eventId] = planned.path.split("/");
      const { face } = (planned.body ?? {}) as { face?: unknown };
      const isKnown = events.some((one) => one.id === eventId) && typeof face === "string";
      if (!isKnown) return send();
      const measured = await send({
        operation: extract,
        method: "POST",
        path: "/face/extract",
        body: { faces: face },
      });
      const faces = (jsonOf(measured)?.faces ?? []) as { attributes: unknown }[];
      return faces.length === 1
        ? answered(measured, 200, { id, eventId, attributes: faces[0]!.attributes })
        : send();
    },
  ],
  [
    "CreateTag",
    "v11-create-nothing",
    "a tag is not created",
    async ({ send }) => {
      const response = await send();
      if (response.status === 200) await send({ method: "DELETE" });
      return response;
    },
  ],
  [
    "DeleteTag",
    "v11-delete-keeps",
    "a tag stays when it is deleted",
    async ({ send }) => {
      const response = await send();
      if (response.status === 200) await send({ method: "POST" });
      return response;
    },
  ],
  [
    "UpdateTag",
    "v11-rename-keeps",
    "the old name stays when a tag is renamed",
    async ({ send }) => {
      const response = await send();
      if (response.status === 200) await send({ method: "POST", body: undefined });
      return response;
    },
  ],
];

/** A status in the place of another. */
function statusOf(operation: string, from: number, to: number, body?: unknown): Row[] {
  const change: Change = (response) =>
    body === undefined ? { ...response, status: to } : answered(response, to, body);
  return [[operation, `v11-${operation}-${from}-${to}`, `${from} is ${to}`, on(from, change)]];
}

function ofBody(change: (body: Record<string, unknown>) => unknown): Change {
  return at("", change as (value: never) => unknown);
}

function worst(candidate: { events: { score: number }[] }): unknown {
  return { ...candidate, score: Math.min(...candidate.events.map(({ score }) => score)) };
}

/** Changes the responses to a comparison of two faces. */
function toFaces(change: Change): Alter {
  return async ({ planned, send }) => {
    const response = await send();
    const isOfFaces = typeof (planned.body as { face?: unknown } | undefined)?.face === "string";
    return isOfFaces && response.status === 200 ? change(response, planned) : response;
  };
}

async function beyondLimit({ planned, send }: Passage): Promise<ReceivedResponse> {
  const { limit, ...body } = (planned.body ?? {}) as { limit?: unknown };
  return typeof limit === "number" && limit > 0 && limit < 20
    ? send({ body: { ...body, limit: limit + 1 } })
    : send();
}

function without(property: string): Alter {
  return async ({ planned, send }) => {
    const response = await send();
    const body = planned.body as Record<string, unknown> | undefined;
    if (response.status === 400 || Buffer.isBuffer(body) || body?.[property] === undefined) return response;
    const { [property]: _, ...others } = body;
    return send({ body: others });
  };
}

function withQuery(change: (query: URLSearchParams) => void): Alter {
  return async ({ planned, send }) => {
    const response = await send();
    const [path, text = ""] = planned.path.split("?");
    const query = new URLSearchParams(text);
    change(query);
    return response.status === 400 ? response : send({ path: `${path}?${query}` });
  };
}

/** Accepts what should be refused with an error of this type. */
function allowing(errorType: string, status: number): Alter {
  return on(400, (response) =>
    jsonOf(response)?.errorType === errorType ? { ...response, status } : response,
  );
}

function forbiddenWithoutKey(signing: string | undefined, response: Parameters<Change>[0]) {
  return signing === "no api key" && response.status === 200
    ? withHeader(answered(response, 403, { message: "Forbidden" }), "x-amzn-errortype", "ForbiddenException")
    : response;
}

/** The response to a registration of another subject, as if it were that of this one. */
function elsewhere(path: string, response: Parameters<Change>[0], status: number) {
  if (response.status !== 201) return response;
  const [, , id] = path.split("/");
  return answered(response, status, { ...jsonOf(response), id });
}
