import type { Sent } from "../connection.ts";
import { type Described, type Document, describeOperations } from "./described.ts";
import { createDrafts, encodePairs, headerText, write } from "./draft.ts";
import { createDraw, type Draw } from "./draw.ts";
import { mutate } from "./mutate.ts";

/** One request to both servers. */
export type Case = {
  /** What is tried, for the report: `body: minimum`, `accept`. */
  kind: string;
  /** `POST /subjects`; undefined where the route leads nowhere. */
  operation?: Described;
  sent: Sent;
};

/**
 * Makes so many different requests to a contract, the same for the same seed. Each kind gets its turn, so
 * that a small number tries everything too.
 */
export function makeCases(document: Document, { count, seed }: { count: number; seed: string }): Case[] {
  const draw = createDraw(seed);
  const cases = new Map<string, Case>();
  const put = (one: Case) => {
    const { method, target, headers, body } = one.sent;
    const identity = JSON.stringify([method, target, headers, body?.toString("latin1")]);
    if (cases.size < count && !cases.has(identity)) cases.set(identity, one);
  };
  const operations = describeOperations(document);
  if (count >= 500) crashing(document, draw).forEach(put);
  // A round makes no new request where the contract is small and all has been tried.
  for (let before = -1; cases.size < count && cases.size > before; ) {
    before = cases.size;
    const some = draw.shuffled(operations).slice(0, Math.ceil(count / 10));
    inTurns(roundOf(document, some, draw), draw).forEach(put);
  }
  return [...cases.values()];
}

/** Two, for each of them ends stock Prism, and it takes a second to come up again. */
function crashing(document: Document, draw: Draw): Case[] {
  const operation = describeOperations(document).find(({ path }) => path.includes("{"));
  if (!operation) return [];
  const sent = write(createDrafts(document, draw).draft(operation, "least"));
  const target = operation.path.replaceAll(/\{[^}]*\}/g, "a%zz");
  return [
    { kind: "path: broken encoding", operation, sent: { ...sent, target } },
    { kind: "accept: nonsense", operation, sent: adding(sent, [["Accept", "nonsense"]]) },
  ];
}

/** One of each kind, then the next of each, until none is left. */
function inTurns(cases: Case[], draw: Draw): Case[] {
  const kinds = Map.groupBy(draw.shuffled(cases), ({ kind }) => kind);
  const ordered: Case[] = [];
  while (kinds.size > 0) {
    for (const [kind, waiting] of kinds) {
      ordered.push(waiting.pop()!);
      if (waiting.length === 0) kinds.delete(kind);
    }
  }
  return ordered;
}

/** Everything once, for each of these operations. */
function roundOf(document: Document, operations: Described[], draw: Draw): Case[] {
  const { draft, sample } = createDrafts(document, draw);
  return [
    ...operations.flatMap((operation) =>
      [
        valid,
        mutatedBody,
        strangeBody,
        contentType,
        accept,
        prefer,
        mutatedParameter,
        strangeQuery,
        path,
        security,
      ].flatMap((make) => make(operation).map(({ kind, sent }) => ({ kind, operation, sent }))),
    ),
    ...operations.flatMap(elsewhere),
  ];

  type Variation = { kind: string; sent: Sent };

  function valid(operation: Described): Variation[] {
    const types = operation.body ? Object.keys(operation.body.content) : [undefined];
    return types.flatMap((type) =>
      (["least", "most", "some", "some"] as const).map((size) => ({
        kind: "valid",
        sent: write(draft(operation, size, type)),
      })),
    );
  }

  function mutatedBody(operation: Described): Variation[] {
    return Object.keys(operation.body?.content ?? {}).flatMap((type) => {
      const whole = { ...draft(operation, "most", type) };
      if (!whole.body) return [];
      const { schema, value } = whole.body;
      return few(mutate(document, schema, value), 60).map((broken) => ({
        kind: `body: ${broken.keyword}`,
        sent: write({ ...whole, body: { ...whole.body!, value: broken.value } }),
      }));
    });
  }

  function strangeBody(operation: Described): Variation[] {
    const sent = write(draft(operation, "some"));
    const whole = sent.body ?? Buffer.from("{}");
    const type = typeOf(sent) === undefined ? [jsonType] : [];
    const bodies: [kind: string, body: Buffer | undefined][] = [
      ["body: absent", undefined],
      ["body: empty", Buffer.alloc(0)],
      ["body: cut off", whole.subarray(0, -1)],
      ["body: not JSON", Buffer.from("{'single': quotes}")],
      ["body: not UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22])],
      ["body: byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), whole])],
      ["body: white space", Buffer.from("  \n ")],
      ["body: null", Buffer.from("null")],
      ["body: other type", Buffer.from(draw.of(["[]", "{}", '"text"', "7", "true", "0", '""', "false"]))],
      ["body: same key twice", Buffer.from('{"a":1,"a":2}')],
      ["body: prototype", Buffer.from('{"__proto__":{"a":1},"constructor":1}')],
    ];
    const inChunks = adding({ ...sent, body: whole }, [["Transfer-Encoding", "chunked"], ...type]);
    const strange = bodies.map(([kind, body]) => ({
      kind,
      sent: { ...without(sent, "body"), headers: [...sent.headers, ...type], ...(body && { body }) },
    }));
    return [{ kind: "body: in chunks", sent: inChunks }, ...strange];
  }

  function contentType(operation: Described): Variation[] {
    if (!operation.body && draw.chance(0.8)) return [];
    const sent = write(draft(operation, "some"));
    const body = sent.body ?? Buffer.from("{}");
    const given = typeOf(sent) ?? "application/json";
    const types = [
      undefined,
      "text/plain",
      "application/json; charset=utf-8",
      "application/json;charset=UTF-16",
      "APPLICATION/JSON",
      "application/vnd.api+json",
      "application/problem+json",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "multipart/form-data; boundary=part",
      "application/xml",
      "application/octet-stream",
      "application",
      "*/*",
      "",
      `${given}; version=1`,
      `${given.toUpperCase()}`,
      "application/jsonp",
      "application/json, text/plain",
    ];
    return types.map((type) => ({
      kind: "content type",
      sent: {
        ...sent,
        body,
        headers: [
          ...withoutType(sent),
          ...(type === undefined ? [] : [["Content-Type", type] as [string, string]]),
        ],
      },
    }));
  }

  function accept(operation: Described): Variation[] {
    const documented = [
      ...new Set(Object.values(operation.responses).flatMap(({ content = {} }) => Object.keys(content))),
    ];
    const values = [
      "*/*",
      "application/json",
      "text/html",
      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      "application/json;q=0.1, application/xml",
      "application/*",
      "text/*",
      "APPLICATION/JSON",
      "application/vnd.none+json",
      "application/json; charset=utf-8",
      "image/png",
      "application/xml, text/plain",
      "application/xml",
      "text/plain;q=0",
      "",
      ...documented,
      ...documented.map((type) => `text/html, ${type};q=0.5`),
    ];
    return values.map((value) => ({
      kind: "accept",
      sent: adding(write(draft(operation, "some")), [["Accept", value]]),
    }));
  }

  function prefer(operation: Described): Variation[] {
    const statuses = Object.keys(operation.responses);
    const named = Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
      Object.values(content).flatMap(({ examples = {} }) =>
        Object.keys(examples).map((name) => ({ status, name })),
      ),
    );
    const wishes: [kind: string, wish: string][] = [
      ...statuses.map((status): [string, string] => ["prefer: code", `code=${status}`]),
      ...["404", "418", "200", "500", "100", "600", "99", "abc", "default", "2XX"].map(
        (status): [string, string] => ["prefer: code", `code=${status}`],
      ),
      ...few(named, 20).flatMap(({ status, name }): [string, string][] => [
        ["prefer: example", `example=${headerText(name)}`],
        ["prefer: example", `code=${status}, example=${headerText(name)}`],
        ["prefer: example", `example="${headerText(name)}"; code=${status}`],
      ]),
      ["prefer: example", "example=no-such-example"],
      ["prefer: example", `code=${draw.of(statuses) ?? 200}, example=no-such-example`],
      ["prefer: dynamic", "dynamic=true, seed=7"],
      ["prefer: dynamic", `dynamic=true, seed=7, code=${draw.of(statuses) ?? 200}`],
      ["prefer: odd", "dynamic=false"],
      ["prefer: odd", "dynamic=yes"],
      ["prefer: odd", "dynamic"],
      ["prefer: odd", ""],
      ["prefer: odd", "respond-async, wait=10"],
      ["prefer: odd", "code="],
      ["prefer: odd", "CODE=404"],
      ["prefer: odd", "code = 404"],
      ["prefer: odd", 'code="404"'],
      ["prefer: odd", "code=404; foo=bar"],
      ["prefer: odd", "code=404 example=x"],
      ["prefer: odd", "example="],
    ];
    const wished = wishes.map(([kind, wish]) => ({
      kind,
      sent: adding(write(draft(operation, "some")), [["Prefer", wish]]),
    }));
    return [...wished, ...preferTwice(operation, statuses), ...preferOfInvalid(operation, statuses)];
  }

  function preferTwice(operation: Described, statuses: string[]): Variation[] {
    const [first = "200", second = "404"] = statuses;
    const headers: [string, string][] = [
      ["Prefer", `code=${first}`],
      ["prefer", `code=${second}`],
    ];
    const inQuery = write(draft(operation, "some"));
    return [
      { kind: "prefer: odd", sent: adding(write(draft(operation, "some")), headers) },
      {
        kind: "prefer: in the query",
        sent: { ...inQuery, target: withQuery(inQuery.target, `__code=${second}`) },
      },
      {
        kind: "prefer: in the query",
        sent: { ...inQuery, target: withQuery(inQuery.target, "__dynamic=true&__seed=7") },
      },
    ];
  }

  /** An invalid request stays one, whatever it prefers. */
  function preferOfInvalid(operation: Described, statuses: string[]): Variation[] {
    const sent = write(draft(operation, "some"));
    const broken: Sent = operation.body?.required
      ? without(sent, "body")
      : { ...without(sent, "body"), body: Buffer.from("{"), headers: [...withoutType(sent), jsonType] };
    return statuses.flatMap((status) =>
      ["", ", example=no-such-example"].map((more) => ({
        kind: "prefer: of an invalid request",
        sent: adding(broken, [["Prefer", `code=${status}${more}`]]),
      })),
    );
  }

  function mutatedParameter(operation: Described): Variation[] {
    const whole = draft(operation, "most");
    return whole.parameters.flatMap(({ parameter, value }, place) => {
      const others = whole.parameters.toSpliced(place, 1);
      const broken = mutate(document, parameter.schema, value).map(({ keyword, value }) => ({
        kind: `${parameter.in}: ${keyword}`,
        value,
      }));
      const given = [
        ...few(broken, 20),
        { kind: `${parameter.in}: empty`, value: "" },
        { kind: `${parameter.in}: valid`, value: sample(parameter.schema, "some") },
      ];
      const missing =
        parameter.in === "path"
          ? []
          : [{ kind: `${parameter.in}: missing`, sent: write({ ...whole, parameters: others }) }];
      return [
        ...missing,
        ...given.map(({ kind, value }) => ({
          kind,
          sent: write({ ...whole, parameters: [...others, { parameter, value }] }),
        })),
        {
          kind: `${parameter.in}: twice`,
          sent: write({
            ...whole,
            parameters: [...whole.parameters, { parameter, value: sample(parameter.schema, "some") }],
          }),
        },
      ];
    });
  }

  function strangeQuery(operation: Described): Variation[] {
    const name = operation.parameters.find((parameter) => parameter.in === "query")?.name ?? "start";
    const queries = [
      "undocumented=1",
      "a&b=&=c&&",
      `${encodePairs([[name, "a+b c"]])}&x=a+b`,
      `${name.toUpperCase()}=1`,
      "%zz=%e4%b8",
      "__proto__=1&constructor=2",
      `${name}[]=1&${name}[0]=2`,
      `${name}=1&${name}=2&${name}=3`,
      `${name}`,
      "a=1;b=2",
      "?a=1",
    ];
    return queries.map((query) => {
      const sent = write(draft(operation, "some"));
      return { kind: "query: odd", sent: { ...sent, target: withQuery(sent.target, query) } };
    });
  }

  function path(operation: Described): Variation[] {
    if (!operation.path.includes("{")) return [];
    const values = [
      "%41lice",
      "a%20b",
      "a%2Fb",
      "%C3%BC",
      "..%2f",
      "%00",
      ".",
      "x;v=1",
      "a+b",
      "~",
      "-0",
      "1e3",
      "007",
      "x".repeat(2000),
      "a,b",
      "{id}",
      "%7Bid%7D",
      "*",
      "a:b@c",
    ];
    const sent = write(draft(operation, "some"));
    const query = sent.target.includes("?") ? sent.target.slice(sent.target.indexOf("?")) : "";
    return values.map((value) => ({
      kind: "path: odd",
      sent: { ...sent, target: `${operation.path.replaceAll(/\{[^}]*\}/g, value)}${query}` },
    }));
  }

  function security(operation: Described): Variation[] {
    if (operation.security.length === 0) return [];
    const whole = draft(operation, "some");
    const others: [string, string][] = [
      ["Authorization", ""],
      ["Authorization", "Bearer"],
      ["Authorization", "Basic !!"],
      ["Authorization", "Basic YWxpY2U="],
      ["Authorization", "bearer abc"],
      ["Authorization", "Digest nonsense"],
      ["Authorization", "Token abc"],
      ["x-api-key", ""],
    ];
    const unproven = write({ ...whole, proofs: [] });
    const broken = operation.body?.required
      ? [{ kind: "security: none", sent: without(unproven, "body") }]
      : [];
    return [
      { kind: "security: none", sent: unproven },
      ...broken,
      ...whole.proofs.map((_, place) => ({
        kind: "security: one missing",
        sent: write({ ...whole, proofs: whole.proofs.toSpliced(place, 1) }),
      })),
      ...whole.proofs.map((proof, place) => ({
        kind: "security: empty",
        sent: write({ ...whole, proofs: whole.proofs.toSpliced(place, 1, { ...proof, value: "" }) }),
      })),
      ...others.map((header) => ({ kind: "security: other", sent: adding(unproven, [header]) })),
    ];
  }

  function elsewhere(operation: Described): Case[] {
    const sent = write(draft(operation, "some"));
    const [where, query = ""] = sent.target.split("?");
    const paths = [
      `${where}/`,
      `${where}/undocumented`,
      `/undocumented${where}`,
      `${where!.toUpperCase()}`,
      `/${where}`,
      where!.replace(/\/[^/]*$/, "") || "/none",
      `${where}//`,
      `${where};a=b`,
    ];
    const methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"].filter(
      (method) => method !== operation.method,
    );
    return [
      ...paths.map((path) => ({
        kind: "route: other path",
        sent: { ...sent, target: query ? `${path}?${query}` : path },
      })),
      ...methods.map((method) => ({ kind: "route: other method", sent: { ...sent, method } })),
    ];
  }

  function few<Item>(items: Item[], count: number): Item[] {
    return items.length > count ? draw.shuffled(items).slice(0, count) : items;
  }
}

const jsonType: [string, string] = ["Content-Type", "application/json"];

function typeOf({ headers }: Sent): string | undefined {
  return headers.find(([name]) => name === "Content-Type")?.[1];
}

function withoutType({ headers }: Sent): Sent["headers"] {
  return headers.filter(([name]) => name !== "Content-Type");
}

function without(sent: Sent, _: "body"): Sent {
  const { body, ...rest } = sent;
  return rest;
}

function adding(sent: Sent, headers: Sent["headers"]): Sent {
  return { ...sent, headers: [...sent.headers, ...headers] };
}

function withQuery(target: string, query: string): string {
  return `${target}${target.includes("?") ? "&" : "?"}${query}`;
}
