import { isObject } from "../../../contracts/openapi/json.ts";
import {
  basePath,
  type ContentObject,
  type OpenApi,
  parametersOf,
  readOperations,
} from "../../../contracts/openapi/operations.ts";
import { dereference } from "../../../contracts/openapi/reference.ts";
import { createRouter } from "../../../contracts/openapi/router.ts";
import type { Schema } from "../../../contracts/openapi/schema.ts";
import type { KeptCall } from "../../world/journal.ts";
import { expectBody, matchersOf } from "../../world/matching-rules.ts";
import {
  type Matcher,
  type PactDocument,
  type PactInteraction,
  type PactOptions,
  writePact,
} from "../../world/pact.ts";
import { imageProperties } from "../../world/redact.ts";
import type { World } from "../../world/world.ts";
import { createCards, hasPhotograph, withCards } from "./cards.ts";
import { createSubjects, member, type SeenCall, type State, statesOfRefusal, statesOfV1 } from "./states.ts";
import { looseValues, statesOfV11, valueOfState } from "./states-v1.1.ts";

/**
 * Makes a pact of the calls in a world's journal. Each distinct interaction is in it once: the same operation, with
 * the same properties in its request, the same status and error, and the same provider states.
 *
 * Every image is a face card: one that was sent stays, and any other becomes the card of a person. Ids are
 * numbered, so that the same calls give the same pact. Headers of the request, and with them its credentials, are
 * left out.
 */
export function createNecIdPact(
  world: World,
  { openapi, name, contract, provider = name, ...options }: NecIdPactOptions,
): Promise<PactDocument> {
  const statesOf = name === "necid-v1.1" ? statesOfV11 : statesOfV1;
  const route = createRouter(readOperations(openapi), basePath(openapi));
  const cards = createCards();
  const subjects = createSubjects(world, cards);
  const images = imageProperties(openapi);
  const interactions = new Map<string, PactInteraction>();
  for (const call of world.journal.calls()) {
    const { operation } = call;
    // A pact is of one provider.
    if (!operation || call.contract !== contract) continue;
    const properties = images.get(operation.key) ?? new Set<string>();
    const sent = withCards(call.sent, properties, cards);
    const { pathParameters = {} } = route(call.method, call.path) ?? {};
    const pathId = pathParameters.id ?? pathParameters.subjectId;
    const seen: SeenCall = { ...call, operation, sent, pathId, pathParameters };
    // A person's card would not be refused.
    const isRefusedPhotograph = call.status === 400 && hasPhotograph(call.sent, properties);
    const isUsable = isExpectable(call) && !isRefusedPhotograph;
    const states = isUsable
      ? call.status === 403
        ? statesOfRefusal(seen)
        : statesOf(seen, subjects)
      : undefined;
    if (states) {
      const interaction = interactionOf(seen, { states, openapi });
      const key = keyOf(seen, { states, openapi });
      if (!interactions.has(key)) interactions.set(key, interaction);
    }
    subjects.follow(seen);
  }
  return writePact(withNames([...interactions.values()]), { ...options, provider });
}

/** `name` is that of the contract. `contract` is the one in the journal, which does not name the first contract. */
type NecIdPactOptions = PactOptions & { openapi: OpenApi; name: string };

/** Whether a provider can be brought to respond so. */
function isExpectable({ method, status, isPreferred, isFaulty }: KeptCall): boolean {
  if (method === "OPTIONS" || isPreferred || isFaulty) return false;
  return status < 300 || status === 400 || status === 403 || status === 404;
}

/** What makes an interaction another one. */
function keyOf(
  { operation, sent, status, responded, query }: SeenCall,
  { states, openapi }: { states: State[]; openapi: OpenApi },
): string {
  const properties = [
    isObject(sent) ? Object.keys(sent).toSorted() : typeof sent,
    ...Object.keys(queryOf(openapi, { operation, query }) ?? {}),
  ];
  const error = member(responded, "errorType") ?? (status === 403 ? member(responded, "message") : undefined);
  return JSON.stringify([operation.key, properties, status, error, states.map(({ name }) => name)]);
}

function interactionOf(
  call: SeenCall,
  { states, openapi }: { states: State[]; openapi: OpenApi },
): PactInteraction {
  const { operation, method, sent, status, pathId, pathParameters, responded } = call;
  const documented = dereference<ContentObject>(openapi, operation.definition.responses?.[status]);
  const body = status === 403 ? exampleOf(documented, responded) : responded;
  const expected =
    body === undefined
      ? undefined
      : expectBody(openapi, documented?.content?.["application/json"]?.schema, body);
  const headers = headersOf(call, { openapi, documented });
  const givesId = states.some(({ params }) => params?.id !== undefined);
  const isInBody = givesId && pathId === undefined && isObject(sent) && sent.id !== undefined;
  const path = filled(operation.path, (name) => encodeURIComponent(pathParameters[name] ?? ""));
  const expression = filled(operation.path, (name) => {
    const value = valueOfState(name, states);
    return value ? `\${${value}}` : encodeURIComponent(pathParameters[name] ?? "");
  });
  const expressions = {
    ...(expression.includes("${") && { path: expression }),
    ...(isInBody && { body: { "$.id": `\${id}` } }),
  };
  const query = queryOf(openapi, call);
  for (const [place, regex] of Object.entries(looseValues[operation.key] ?? {}))
    if (expected && status === 200) expected.rules[place] = [{ match: "type" }, { match: "regex", regex }];
  return numbered({
    description: describe(call, openapi),
    states,
    request: {
      method,
      path,
      ...(query && { query }),
      headers: sent === undefined ? {} : { "Content-Type": "application/json" },
      body: sent,
      ...(Object.keys(expressions).length > 0 && { expressions }),
    },
    response: {
      status,
      headers: headers.examples,
      ...(expected && { body: expected.example }),
      rules: {
        ...(expected && Object.keys(expected.rules).length > 0 && { body: expected.rules }),
        header: headers.rules,
      },
    },
  });
}

function filled(path: string, fill: (name: string) => string): string {
  return path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => fill(name));
}

/** The parameters of a query that the operation documents. */
function queryOf(
  openapi: OpenApi,
  { operation, query }: Pick<SeenCall, "operation" | "query">,
): Record<string, string[]> | undefined {
  const documented = parametersOf(openapi, operation).filter(({ value }) => value.in === "query");
  const given = new URLSearchParams(query);
  const values = documented
    .map(({ value: { name } }): [string, string[]] => [name, given.getAll(name)])
    .filter(([, list]) => list.length > 0);
  return values.length > 0 ? Object.fromEntries(values) : undefined;
}

/** A refusal may repeat what was sent, so the contract's example with the same beginning stands for it. */
function exampleOf(documented: ContentObject | undefined, responded: unknown): unknown {
  const message = String(member(responded, "message"));
  const examples = Object.values(documented?.content?.["application/json"]?.examples ?? {});
  const same = examples.find(
    ({ value }) => String(member(value, "message")).slice(0, 12) === message.slice(0, 12),
  );
  return same?.value;
}

/** `register a face: 400 NoFace`. */
function describe({ operation, sent, status, responded, query }: SeenCall, openapi: OpenApi): string {
  const { summary = operation.key, requestBody } = operation.definition;
  const content = dereference<ContentObject>(openapi, requestBody)?.content?.["application/json"];
  const { required = [] } = dereference<Schema>(openapi, content?.schema) ?? {};
  const given = isObject(sent) ? Object.keys(sent) : [];
  const added = [...given, ...Object.keys(queryOf(openapi, { operation, query }) ?? {})]
    .filter((name) => !required.includes(name))
    .toSorted()
    .slice(0, mostNamed);
  const missing = required.filter((name) => !given.includes(name));
  const error = member(responded, "errorType");
  return [
    `${summary[0]!.toLowerCase()}${summary.slice(1)}`,
    ...(added.length > 0 ? [`with ${added.join(" and ")}`] : []),
    ...(missing.length > 0 ? [`without ${missing.join(" and ")}`] : []),
  ]
    .join(" ")
    .concat(`: ${status}${typeof error === "string" ? ` ${error}` : ""}`);
}

/** How many properties a description names. */
const mostNamed = 8;

type Headers = { examples: Record<string, string>; rules: Record<string, Matcher[]> };

/** Those that the contract documents, with its examples: the journal's are other ones each time. */
function headersOf(
  { responded, headers }: SeenCall,
  { openapi, documented }: { openapi: OpenApi; documented: ContentObject | undefined },
): Headers {
  const found: Headers = { examples: {}, rules: {} };
  const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (responded !== undefined && sent.get("content-type")?.startsWith("application/json")) {
    found.examples["Content-Type"] = "application/json";
    found.rules["Content-Type"] = [{ match: "regex", regex: jsonType }];
  }
  for (const [name, header] of Object.entries(documented?.headers ?? {})) {
    const { schema, example } = dereference<{ schema?: Schema; example?: unknown }>(openapi, header) ?? {};
    const value = sent.get(name.toLowerCase());
    if (value === undefined) continue;
    const matchers = matchersOf([schema ?? {}], value);
    const isFixed = matchers.length === 0;
    found.examples[name] = isFixed || typeof example !== "string" ? value : example;
    if (!isFixed) found.rules[name] = matchers.length > 1 ? matchers.slice(1) : matchers;
  }
  return found;
}

const jsonType = "^application/json(; ?charset=(utf-8|UTF-8))?$";

/** Numbers the ids of an interaction in the order in which they appear, and gives all times the same. */
function numbered(interaction: PactInteraction): PactInteraction {
  const ids = new Map<string, string>();
  const text = JSON.stringify(interaction).replaceAll(
    /(necid|event|batch)guid-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi,
    (id, kind: string) => {
      if (!ids.has(id)) {
        ids.set(id, `${kind}guid-0000-0000-0000-${(ids.size + 1).toString(16).padStart(12, "0")}`);
      }
      return ids.get(id)!;
    },
  );
  return JSON.parse(
    text.replaceAll(/"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00"/g, '"2026-01-01T00:00:00+00:00"'),
  );
}

/** Numbers interactions that have the same description and states. */
function withNames(interactions: PactInteraction[]): PactInteraction[] {
  const taken = new Map<string, number>();
  return interactions.map((interaction) => {
    const { description, states } = interaction;
    const identity = JSON.stringify([description, states.map(({ name }) => name)]);
    const count = (taken.get(identity) ?? 0) + 1;
    taken.set(identity, count);
    return count === 1 ? interaction : { ...interaction, description: `${description} (${count})` };
  });
}
