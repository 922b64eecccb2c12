import { deepStrictEqual } from "node:assert";
import { type FaceRole, faceOfRole } from "../../../contracts/necid/faces/roles.ts";
import { type BodyRules, type ConsumerInteraction, injected, type TextRule } from "./record-pact.ts";

/** What the interactions of every version expect: ids, attributes, headers and errors. */

const roles: FaceRole[] = ["alice-1", "alice-2", "bob", "stranger", "group", "none", "blurred"];

/** What the client sends. The examples of the pact are face cards, which the mock reads without a provider state. */
export const picture = faceOfRole("alice-1");
export const id = "necidguid-fcdf-49eb-9182-5a6825ed2a3b";
export const idPattern = "^necidguid-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$";

/** Examples of the values of provider states. */
export const examples = { id, ...Object.fromEntries(roles.map((role) => [role, faceOfRole(role)])) };

/** The figures of the documented sample, whoever is in the picture. */
export const attributes = {
  faceArea: { left: "161", top: "156", right: "318", bottom: "313" },
  headArea: { left: "131", top: "86", right: "345", bottom: "343" },
  rightEyeCenter: { x: "195", y: "198" },
  leftEyeCenter: { x: "276", y: "191" },
  frontalFaceScore: "0.569824",
  faceRoll: "4.93922",
  facePan: "-9.34863",
  faceTilt: "7.613",
  faceScore: "0.999591",
  faceQualityScore: "0.86541",
};

const patterns = {
  pixels: "^-?(0|[1-9][0-9]*)$",
  degrees: "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$",
  score: "^(0(\\.[0-9]+)?|1(\\.0+)?)$",
};

/** Every attribute is a number in text. */
export function attributeRules(path: string): BodyRules {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      if (typeof value !== "string")
        return Object.keys(value).map((side) => [`${path}.${name}.${side}`, { pattern: patterns.pixels }]);
      return [[`${path}.${name}`, { pattern: name.endsWith("Score") ? patterns.score : patterns.degrees }]];
    }),
  );
}

export function post(path: string, body: Record<string, unknown>): ConsumerInteraction["request"] {
  return { method: "POST", path, body };
}

export function put(body: Record<string, unknown>): ConsumerInteraction["request"] {
  return { method: "PUT", path: `/subjects/${injected("id")}`, body };
}

/** What the client of a version makes of a call. */
type Called = Promise<{ response: Response; data?: unknown; error?: unknown }>;

export type Described<Client> = Omit<ConsumerInteraction, "call" | "response"> & {
  call(client: Client): Called;
};

type ServiceError = { message: string; errorCode: number; errorType: string };

/**
 * Makes the interactions of the client of a version. The client makes each call, and what it returns is compared with
 * the response.
 */
export function interactionsOf<Client>(open: (baseUrl: string) => Client) {
  function interaction({
    call,
    ...described
  }: Described<Client> & { response: ConsumerInteraction["response"] }): ConsumerInteraction {
    const { status, body, headers } = described.response;
    const response = {
      ...described.response,
      headers: { ...gatewayIds, ...(body !== undefined && jsonType), ...headers },
    };
    return {
      ...described,
      response,
      async call(baseUrl) {
        const { response, data, error } = await call(open(baseUrl));
        deepStrictEqual({ status: response.status, body: data ?? error }, { status, body });
      },
    };
  }

  return {
    interaction,
    /** A 404 has no body. */
    notFoundInteraction: (described: Described<Client>) =>
      interaction({ ...described, response: { status: 404 } }),
    errorInteraction({ error, ...described }: Described<Client> & { error: ServiceError }) {
      const rules: BodyRules = error.errorCode === 1001 ? {} : { "$.message": { pattern: ".+" } };
      return interaction({ ...described, response: { status: 400, body: error, rules } });
    },
  };
}

/** The only error whose message is documented. */
export function missing(property: string): ServiceError {
  return {
    message: `${property} property must be provided.`,
    errorCode: 1001,
    errorType: "InvalidRequest",
  };
}

export const noFace: ServiceError = {
  message: "No face was found in the image.",
  errorCode: 2001,
  errorType: "NoFace",
};
export const poorQuality: ServiceError = {
  message: "The quality of the face is too low.",
  errorCode: 2002,
  errorType: "PoorQuality",
};

const jsonType: Record<string, TextRule> = {
  "Content-Type": { example: "application/json", pattern: "^application/json(; ?charset=(utf-8|UTF-8))?$" },
};
const gatewayIds: Record<string, TextRule> = {
  "x-amzn-requestid": {
    example: "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4",
    pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
  },
  "x-amz-apigw-id": { example: "KbXq3GmZywMFhTA=", pattern: "^[A-Za-z0-9+/_-]{15}=$" },
};

export function errorType(name: string): Record<string, TextRule> {
  return { "x-amzn-errortype": { example: name, pattern: `^${name}$` } };
}

/** Credentials; Pact's server checks no signature. */
export const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "example",
  apiKey: "example",
  retries: 0,
};
