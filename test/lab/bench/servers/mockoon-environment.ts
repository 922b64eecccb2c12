import { createHash } from "node:crypto";
import { mockApiKeys } from "../../../../mocks/world/credentials.ts";
import type { RecordedResponses } from "./record-responses.ts";

type Rule = { target: string; modifier: string; value: string; operator: string };

const header = (modifier: string, value: string): Rule => ({
  target: "header",
  modifier,
  value,
  operator: "regex",
});
const given = (modifier: string): Rule => ({ target: "body", modifier, value: ".+", operator: "regex" });
const signed = [
  header("Authorization", "^AWS4-HMAC-SHA256 "),
  header("X-Amz-Date", "^\\d{8}T\\d{6}Z$"),
  header("x-api-key", `^${mockApiKeys[0]}$`),
];
const noSignature: Rule = { target: "header", modifier: "Authorization", value: "", operator: "null" };

/** The first response whose rules all hold is given; the last one has none. */
const routes: { method: string; endpoint: string; responses: [scenario: string, rules: Rule[]][] }[] = [
  {
    method: "post",
    endpoint: "subjects",
    responses: [
      ["register", [...signed, given("face")]],
      ["unsigned", [noSignature]],
      ["invalid", []],
    ],
  },
  {
    method: "post",
    endpoint: "face/verify",
    responses: [
      ["verify", [...signed, given("probe"), given("id")]],
      ["unsigned", []],
    ],
  },
  {
    method: "post",
    endpoint: "face/search",
    responses: [
      ["search", [...signed, given("probe")]],
      ["unsigned", []],
    ],
  },
  {
    method: "delete",
    endpoint: "subjects/:id",
    responses: [
      ["delete", signed],
      ["unsigned", []],
    ],
  },
];

/**
 * An environment of Mockoon with one response for each scenario, chosen by rules on headers and body as its
 * users click them together. It verifies no signature, validates no body and stores nothing.
 *
 * @see https://mockoon.com/docs/latest/route-responses/dynamic-rules/
 */
export function mockoonEnvironment({ responses: recorded }: RecordedResponses): object {
  const listed = routes.map(({ method, endpoint, responses }) => ({
    uuid: uuid(endpoint),
    type: "http",
    documentation: "",
    method,
    endpoint,
    responses: responses
      .filter(([scenario]) => recorded[scenario])
      .map(([scenario, rules], index, all) =>
        response(`${endpoint} ${scenario}`, {
          rules,
          isLast: index === all.length - 1,
          ...recorded[scenario]!,
        }),
      ),
    responseMode: null,
    streamingMode: null,
    streamingInterval: 0,
  }));
  return {
    uuid: uuid("environment"),
    // Of the version that test/lab/package.json pins.
    lastMigration: 33,
    name: "NEC ID",
    endpointPrefix: "v1",
    latency: 0,
    port: 3000,
    hostname: "127.0.0.1",
    folders: [],
    routes: listed,
    rootChildren: listed.map((route) => ({ type: "route", uuid: route.uuid })),
    proxyMode: false,
    proxyHost: "",
    proxyRemovePrefix: false,
    tlsOptions: {
      enabled: false,
      type: "CERT",
      pfxPath: "",
      certPath: "",
      keyPath: "",
      caPath: "",
      passphrase: "",
    },
    cors: false,
    headers: [],
    proxyReqHeaders: [],
    proxyResHeaders: [],
    data: [],
    callbacks: [],
  };
}

type Response = {
  rules: Rule[];
  isLast: boolean;
  status: number;
  headers: Record<string, string>;
  body: string;
};

function response(label: string, { rules, isLast, status, headers, body }: Response): object {
  return {
    uuid: uuid(label),
    body,
    latency: 0,
    statusCode: status,
    label,
    headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
    bodyType: "INLINE",
    filePath: "",
    databucketID: "",
    sendFileAsBody: false,
    rules: rules.map((rule) => ({ ...rule, invert: false })),
    rulesOperator: "AND",
    disableTemplating: true,
    fallbackTo404: false,
    default: isLast,
    crudKey: "id",
    callbacks: [],
  };
}

/** Mockoon wants UUIDs; the same text gives the same one. */
function uuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
