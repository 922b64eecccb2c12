import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Matchers, Pact, type V3MockServer } from "@pact-foundation/pact";

/** One thing that a consumer relies on, and the call by which it does so. */
export type ConsumerInteraction = {
  description: string;
  /** Names of provider states; what they stand for is the provider's matter. */
  states?: string[];
  /** `path` and the values of `body` may hold values that the provider gives: `given("id")`. */
  request: { method: string; path: string; body?: Record<string, unknown> };
  /** Without `body` the answer has to be empty. */
  response: { status: number; headers?: Record<string, TextRule>; body?: unknown; rules?: BodyRules };
  /** Makes the call as the consumer does, against Pact's server, and throws where the answer disappoints. */
  call(url: string): Promise<void>;
};

/** Any text of this form; the example keeps it. */
export type TextRule = { example: string; form: string };

/** What is asked of the values of a body, by JSONPath; every other value is asked for as it is. */
export type BodyRules = Record<string, BodyRule>;
export type BodyRule =
  | { form: string }
  | { type: "integer" }
  | { type: "array"; least: number; most: number };

export type RecordOptions = {
  consumer: string;
  provider: string;
  interactions: ConsumerInteraction[];
  /** Examples for the values that a provider state gives, by name. */
  examples: Record<string, string>;
};

/**
 * Makes a pact (specification 4) from calls that a consumer really made against Pact's own server.
 *
 * The same interactions give the same bytes on every machine: interactions stand in the given order, keys
 * of rules are sorted, and of the metadata only the version of the specification is kept.
 *
 * @throws when a call is not the one described, or `call` throws.
 * @see https://github.com/pact-foundation/pact-specification/tree/version-4
 */
export async function recordPact(options: RecordOptions): Promise<string> {
  const { consumer, provider, interactions, examples } = options;
  // Pact's core reads it from the environment and from nowhere else.
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
    return normalised(JSON.parse(await readFile(join(dir, file!), "utf8")), interactions);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Stands for a value that the provider gives when it is verified: an id, or a picture of its own. */
export function given(name: string): string {
  return `\${${name}}`;
}

async function recordOne(
  pact: Pact,
  { interaction, examples }: { interaction: ConsumerInteraction; examples: Record<string, string> },
): Promise<void> {
  const { description, states = [], request, response, call } = interaction;
  const injected = (text: unknown) => providerValue(text, examples);
  const described = pact.addInteraction().uponReceiving(description);
  for (const state of states) described.given(state);
  const { rules = {}, headers = {}, body } = response;
  await described
    .withRequest(request.method, injected(request.path), (builder) => {
      builder.headers({ accept: "application/json" });
      if (request.body) builder.jsonBody(mapValues(request.body, injected));
    })
    .willRespondWith(response.status, (builder) => {
      builder.headers(mapValues(headers, ({ form, example }) => Matchers.regex(form, example)));
      if (body === undefined) return;
      builder.jsonBody(body as object);
      const paths = Object.entries(rules).map(([path, rule]) => ({ path, rules: matchersOf(rule) }));
      builder.matchingRules({ body: paths });
    })
    .executeTest((server: V3MockServer) => call(server.url));
}

/** A regular expression alone compares texts and would take the number 161 for `"161"`. */
function matchersOf(rule: BodyRule): Matchers.Matcher<unknown>[] {
  if ("form" in rule)
    return [Matchers.like(""), Matchers.regex(rule.form, "")] as Matchers.Matcher<unknown>[];
  if (rule.type === "integer") return [Matchers.integer(0)];
  return [Matchers.constrainedArrayLike(0, rule.least, rule.most) as Matchers.Matcher<unknown>];
}

/** Pact types it as any text; whoever verifies puts the value in. */
function providerValue(text: unknown, examples: Record<string, string>): string {
  if (typeof text !== "string" || !placeholder.test(text)) return text as string;
  const example = text.replace(placeholder, (_, name: string) => examples[name]!);
  return Matchers.fromProviderState(text, example) as unknown as string;
}

const placeholder = /\$\{([^}]*)\}/;

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

function normalised(document: PactDocument, order: ConsumerInteraction[]): string {
  const place = new Map(order.map(({ description }, index) => [description, index]));
  const interactions = document.interactions
    .toSorted((a, b) => place.get(a.description)! - place.get(b.description)!)
    .map((interaction) => ({ ...interaction, response: { ...empty, ...interaction.response } }));
  const { pactSpecification } = document.metadata;
  const whole = { ...document, interactions, metadata: { pactSpecification } };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** Left out, any body would do. Pact's builder cannot say it for an answer without a media type. */
const empty = { body: { content: "" } };
