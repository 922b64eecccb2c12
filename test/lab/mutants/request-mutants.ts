import { face } from "../../../contracts/necid/faces/faces.ts";
import type { PlannedCall } from "../../../contracts/verify/check.ts";
import {
  answered,
  extract,
  type Mutant,
  mutantsOf,
  type Row,
  register,
  search,
  update,
  verify,
} from "./mutant.ts";
import type { Alter } from "./proxy.ts";

/** Providers that take what they must refuse, or refuse what they must take. */
export function requestMutants(): Mutant[] {
  return mutantsOf("request rules", rows);
}

type Body = Record<string, unknown>;

/** Takes a body that breaks a rule as if it were this one. */
function takes(mended: (body: Body) => Body | undefined): Alter {
  return ({ planned, send }) => {
    const { body, signing = "good" } = planned;
    if (signing !== "good" || Buffer.isBuffer(body) || planned.headers) return send();
    const better = body === undefined ? undefined : mended(body as Body);
    return send(better && { body: better });
  };
}

/** Takes a call that is wrong as another. */
function instead(when: (planned: PlannedCall) => boolean, other: Partial<PlannedCall>): Alter {
  return ({ planned, send }) => send(when(planned) ? other : undefined);
}

const anybody = face("anybody");
const isText = (value: unknown) => typeof value === "string" && value !== "";
const isCutOff = ({ body }: PlannedCall) => Buffer.isBuffer(body) && body.length < 1_000_000;
const isCsv = ({ headers }: PlannedCall) => headers?.["content-type"] === "text/csv";
const isTooLarge = ({ body }: PlannedCall) => Buffer.isBuffer(body) && body.length > 1_000_000;
const isLong = (value: unknown) => isText(value) && String(value).length > 50;

const rows: Row[] = [
  [
    register,
    "register-no-face",
    "a missing face is somebody's",
    takes((body) => ("face" in body ? undefined : { face: anybody })),
  ],
  [
    register,
    "register-surplus",
    "a property too many is passed over",
    takes(({ undocumented, ...body }) => (undocumented ? body : undefined)),
  ],
  [register, "register-csv", "another media type is taken", instead(isCsv, { headers: undefined })],
  [
    register,
    "register-base64",
    "text that is no Base64 is taken",
    takes((body) => (isText(body.face) && !isLong(body.face) ? { face: anybody } : undefined)),
  ],
  [
    register,
    "register-list",
    "a list is taken for the body",
    takes((body) => (Array.isArray(body) ? { face: anybody } : undefined)),
  ],
  [update, "update-cut-off", "JSON that is cut off is taken", instead(isCutOff, { body: { face: anybody } })],
  [
    update,
    "update-no-body",
    "a missing body is taken",
    instead(({ body, signing }) => body === undefined && signing === undefined, { body: { face: anybody } }),
  ],
  [
    update,
    "update-number",
    "a number is taken for a face",
    takes((body) => (typeof body.face === "number" ? { face: anybody } : undefined)),
  ],
  [
    extract,
    "extract-null",
    "null is taken for a picture",
    takes((body) => (body.faces === null ? { faces: anybody } : undefined)),
  ],
  [
    extract,
    "extract-size",
    "a body too large is taken for an invalid one",
    instead(isTooLarge, { body: {} }),
  ],
  [
    search,
    "search-threshold-beyond",
    "a threshold beyond the scale is taken",
    takes((body) => (Number(body.threshold) > 9999 ? { ...body, threshold: 9999 } : undefined)),
  ],
  [
    search,
    "search-threshold-below",
    "a threshold below zero is taken",
    takes((body) => (Number(body.threshold) < 0 ? { ...body, threshold: 0 } : undefined)),
  ],
  [
    search,
    "search-threshold-text",
    "a threshold in text is taken",
    takes((body) =>
      typeof body.threshold === "string" ? { ...body, threshold: Number(body.threshold) } : undefined,
    ),
  ],
  [
    search,
    "search-threshold-decimal",
    "a threshold with decimals is taken",
    takes((body) => (body.threshold === 0.5 ? { ...body, threshold: 1 } : undefined)),
  ],
  [
    search,
    "search-limit-51",
    "a limit of 51 is taken",
    takes((body) => (body.limit === 51 ? { ...body, limit: 50 } : undefined)),
  ],
  [
    search,
    "search-limit-0",
    "a limit of 0 is taken",
    takes((body) => (body.limit === 0 ? { ...body, limit: 1 } : undefined)),
  ],
  [
    search,
    "search-limit-null",
    "null is taken for no limit",
    takes(({ limit, ...body }) => (limit === null ? body : undefined)),
  ],
  [
    search,
    "search-limit-50",
    "a limit of 50 is refused",
    async ({ planned, send }) => {
      const { limit } = (planned.body ?? {}) as Body;
      return send(limit === 50 ? { body: { ...(planned.body as Body), limit: 51 } } : undefined);
    },
  ],
  [
    search,
    "search-threshold-0",
    "a threshold of 0 is refused",
    takes((body) => (body.threshold === 0 ? { ...body, threshold: -1 } : undefined)),
  ],
  [
    verify,
    "verify-no-id",
    "a missing id is an unknown one",
    takes((body) => ("id" in body || !("probe" in body) ? undefined : { ...body, id: "none" })),
  ],
  [
    verify,
    "verify-id-number",
    "a number is taken for an id",
    takes((body) => (typeof body.id === "number" ? { ...body, id: String(body.id) } : undefined)),
  ],
  [
    verify,
    "verify-poor",
    "a poor picture is not refused, but nobody's",
    async ({ send }) => {
      const response = await send();
      return String(response.body).includes('"PoorQuality"') ? answered(response, 404) : response;
    },
  ],
];
