import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Matchers, Pact, type V3MockServer } from "@pact-foundation/pact";

/** One interaction that a consumer relies on, and the call with which it does. */
export type ConsumerInteraction = {
  description: string;
  /** Provider states: a name, or a name with its parameters. */
  states?: (string | [name: string, parameters: Record<string, string>])[];
  /** `path` and the values of `body` may contain values of provider states: `injected("id")`. */
  request: { method: string; path: string; query?: Record<string, string>; body?: Record<string, unknown> };
  /** Without `body` the response must be empty. */
  response: { status: number; headers?: Record<string, TextRule>; body?: unknown; rules?: BodyRules };
  /** Makes the consumer's call to Pact's mock server. Throws if the response is not the expected one. */
  call(url: string): Promise<void>;
};

/** Any text that matches a pattern, and an example of it. */
export type TextRule = { example: string; pattern: string };

/** Matching rules of a body by JSONPath. Every other value must be equal to the example. */
export type BodyRules = Record<string, BodyRule>;
type BodyRule = { pattern: string } | { type: "integer" } | { type: "array"; min: number; max: number };

export type RecordOptions = {
  consumer: string;
  provider: string;
  interactions: ConsumerInteraction[];
  /** Examples of the values of provider states, by name. */
  examples: Record<string, string>;
};

/**
 * Records a pact (specification 4) from calls that a consumer makes to Pact's mock server.
 *
 * The same interactions give the same bytes on every machine: interactions keep the given order, keys of rules
 * are sorted, and the version of the specification is the only metadata.
 *
 * @throws if a call differs from its description, or throws.
 * @see https://github.com/pact-foundation/pact-specification/tree/version-4
 */
export async function recordPact(options: RecordOptions): Promise<string> {
  const { consumer, provider, interactions, examples } = options;
  // Pact's core reads this only from the environment.
  process.env.PACT_DO_NOT_TRACK = "true";
  const dir = await mkdtemp(join(tmpdir(), "pact-"));
  try {
    for (const interaction of interactions) {
      await recordOne(new Pact({ consumer, provider, dir, logLevel: "error", cors: false }), {
        interaction,
        examples,
      });
    }
    const [file] = await readdir(dir);
    return normalize(JSON.parse(await readFile(join(dir, file!), "utf8")), interactions);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A value that the provider inserts during verification: an id, or an image of its own. */
export function injected(name: string): string {
  return `\${${name}}`;
}

async function recordOne(
  pact: Pact,
  { interaction, examples }: { interaction: ConsumerInteraction; examples: Record<string, string> },
): Promise<void> {
  const { description, states = [], request, response, call } = interaction;
  const inject = (text: unknown) => matcherOf(text, examples);
  const described = pact.addInteraction().uponReceiving(description);
  for (const state of states) {
    const [name, parameters] = typeof state === "string" ? [state] : state;
    described.given(name, parameters);
  }
  const { rules = {}, headers = {}, body } = response;
  await described
    .withRequest(request.method, inject(request.path), (builder) => {
      builder.headers({ accept: "application/json" });
      if (request.query) builder.query(request.query);
      if (request.body) builder.jsonBody(mapValues(request.body, inject));
    })
    .willRespondWith(response.status, (builder) => {
      builder.headers(mapValues(headers, ({ pattern, example }) => Matchers.regex(pattern, example)));
      if (body === undefined) return;
      builder.jsonBody(body as object);
      const paths = Object.entries(rules).map(([path, rule]) => ({ path, rules: matchersOf(rule) }));
      builder.matchingRules({ body: paths });
    })
    .executeTest((server: V3MockServer) => call(server.url));
}

/** A regular expression alone compares text, so the number 161 would match like `"161"`. */
function matchersOf(rule: BodyRule): Matchers.Matcher<unknown>[] {
  if ("pattern" in rule)
    return [Matchers.like(""), Matchers.regex(rule.pattern, "")] as Matchers.Matcher<unknown>[];
  if (rule.type === "integer") return [Matchers.integer(0)];
  return [Matchers.constrainedArrayLike(0, rule.min, rule.max) as Matchers.Matcher<unknown>];
}

/** A matcher for text with a value of a provider state. */
function matcherOf(text: unknown, examples: Record<string, string>): string {
  if (typeof text !== "string" || !text.includes("${")) return text as string;
  const example = text.replaceAll(placeholder, (_, name: string) => examples[name]!);
  return Matchers.fromProviderState(text, example) as unknown as string;
}

const placeholder = /\$\{([^}]*)\}/g;

function mapValues<Value, Mapped>(
  record: Record<string, Value>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

type PactDocument = {
  interactions: { description: string; response: { body?: unknown } }[];
  metadata: { pactSpecification: unknown };
};

function normalize(document: PactDocument, order: ConsumerInteraction[]): string {
  const positions = new Map(order.map(({ description }, index) => [description, index]));
  const interactions = document.interactions
    .toSorted((a, b) => positions.get(a.description)! - positions.get(b.description)!)
    .map((interaction) => ({ ...interaction, response: { ...empty, ...interaction.response } }));
  const { pactSpecification } = document.metadata;
  const whole = { ...document, interactions, metadata: { pactSpecification } };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** Without it, any body would match. Pact's builder cannot express it for a response without a media type. */
const empty = { body: { content: "" } };
