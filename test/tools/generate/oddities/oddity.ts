import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import type { Json, JsonObject } from "../../../../contracts/openapi/json.ts";
import { readOperations } from "../../../../contracts/openapi/operations.ts";
import { parsePointer, valueAt } from "../../../../contracts/openapi/pointer.ts";
import { createFetch } from "../../../../mocks/handle/fetch.ts";
import type { MockContract } from "../../../../mocks/handle/handler.ts";
import { createHandlerWithoutGateway } from "../../../../mocks/handle/without-gateway.ts";
import { mockApiKeys, mockCredentials } from "../../../../mocks/world/credentials.ts";
import { createWorlds } from "../../../../mocks/world/worlds.ts";
import { contractOf } from "../../../../tools/commands/mock-spec.ts";
import { buildContract } from "../../../../tools/generate/read/contract.ts";
import { printProblem, SpecError } from "../../../../tools/generate/read/problem.ts";

/** A small description with one oddity, as a data file of this folder has it. */
export type Oddity = {
  title: string;
  /** The first lines of the description; by default those of the data file's version. */
  head?: string;
  /** The lines after them. */
  spec?: string;
  more?: string;
  /** The whole text, where its bytes matter. */
  text?: string;
  /** Its name, `spec.yaml` by default. */
  name?: string;
  /** Other files by their names. */
  files?: Record<string, string>;
  /** As many files, each of which refers to the next one. */
  count?: number;
  /** The request to the mock: method, path, media type and body. By default the first operation's. */
  send?: string;
  headers?: Record<string, string>;
  /** The part of the contract that the oddity is about. */
  at?: string;
};

/** What came of one. */
export type Outcome = {
  /** As printed; their places are of the file above. */
  problems: string[];
  /** The part of the contract at the pointer; not there where no contract could be made. */
  is?: Json;
  /** Status and media type of the mock's response. */
  mock?: string;
  validators: { swaggerParser: Verdict; schemaValidator: Verdict };
};

type Verdict = "accepts" | "refuses";

/** The data files, with the version that their descriptions begin with. */
export const DATA = {
  swagger: 'swagger: "2.0"\ninfo: { title: T, version: "1" }',
  "openapi-3.0": 'openapi: 3.0.3\ninfo: { title: T, version: "1" }',
  "openapi-3.1": 'openapi: 3.1.0\ninfo: { title: T, version: "1" }',
  files: 'openapi: 3.0.3\ninfo: { title: T, version: "1" }',
};
export type DataName = keyof typeof DATA;

export async function readOddities(name: DataName): Promise<(Oddity & { want: Outcome })[]> {
  const text = await readFile(join(import.meta.dirname, `${name}.yaml`), "utf8");
  return load(text) as (Oddity & { want: Outcome })[];
}

/** The text of a description, and those of its other files. */
function textsOf(oddity: Oddity, data: DataName): Record<string, string> {
  const { head = DATA[data], spec = "", more = "", text, name = "spec.yaml", files = {}, count } = oddity;
  const body =
    count === undefined ? spec : 'paths: {}\ncomponents: { schemas: { S0: { $ref: "s1.yaml#/S1" } } }\n';
  const chain = Array.from({ length: count ?? 0 }, (_, index): [string, string] => {
    const next =
      index + 1 < count! ? `, properties: { next: { $ref: 's${index + 2}.yaml#/S${index + 2}' } }` : "";
    return [`s${index + 1}.yaml`, `S${index + 1}: { type: object${next} }\n`];
  });
  return { [name]: text ?? `${head}\n${body}${more}`, ...files, ...Object.fromEntries(chain) };
}

/** Reads a description, asks its mock, and the two validators. */
export async function outcomeOf(oddity: Oddity, data: DataName): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "oddity-"));
  try {
    const texts = textsOf(oddity, data);
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const spec = join(folder, Object.keys(texts)[0]!);
    const relative = (text: string) => text.replaceAll(`${folder}/`, "");
    const validators = await verdictsOf(spec);
    try {
      const { openapi, warnings } = await buildContract({ spec });
      const is = oddity.at === undefined ? undefined : (valueAt(openapi, parsePointer(oddity.at)) as Json);
      const mock = await responseOf(oddity, spec, openapi);
      return {
        problems: warnings.map((problem) => relative(printProblem(problem))),
        ...(is !== undefined && { is }),
        ...(mock !== undefined && { mock }),
        validators,
      };
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      return { problems: error.problems.map((problem) => relative(printProblem(problem))), validators };
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function responseOf(oddity: Oddity, spec: string, openapi: JsonObject): Promise<string | undefined> {
  const [operation] = readOperations(openapi);
  if (!operation) return undefined;
  const [method, path, type, ...body] = (oddity.send ?? `${operation.method} ${operation.path}`).split(" ");
  const contract = await contractOf({ spec });
  const fetch = fetchOf(contract);
  const response = await fetch(`http://127.0.0.1${path!.replaceAll(/\{[^}]*\}/g, "1")}`, {
    method,
    headers: { ...oddity.headers, ...(type && { "content-type": type }) },
    ...(type && { body: body.join(" ") }),
  });
  const sent = response.headers.get("content-type");
  return [response.status, sent?.split(";")[0]].filter(Boolean).join(" ");
}

function fetchOf(contract: MockContract) {
  const worlds = createWorlds({
    seed: "oddity",
    credentials: mockCredentials,
    apiKeys: mockApiKeys,
    operations: readOperations(contract.openapi),
    documented: () => [],
    images: {},
    service: undefined,
    realTime: Date.now,
  } as unknown as Parameters<typeof createWorlds>[0]);
  const handler = createHandlerWithoutGateway(
    {
      contract,
      worlds,
      auth: "off",
      publicHosts: [],
      region: "eu-west-1",
      service: "execute-api",
      selfCheck: false,
      cors: "off",
      random: () => 0.5,
    },
    contract.stock!,
  );
  const respond = async (request: Parameters<typeof handler.handle>[0]) => {
    try {
      return (await handler.handle(request)).response;
    } catch (error) {
      return handler.failed(request, error as Error).response;
    }
  };
  return createFetch({ respond, tooLarge: respond });
}

async function verdictsOf(spec: string): Promise<Outcome["validators"]> {
  const [{ default: parser }, { Validator }] = await Promise.all([
    import("@apidevtools/swagger-parser"),
    import("@seriousme/openapi-schema-validator"),
  ]);
  const accepts = async (ask: () => Promise<boolean>): Promise<Verdict> =>
    (await ask().catch(() => false)) ? "accepts" : "refuses";
  // Without the network, and without the files: the second one takes a single document.
  const noNetwork = { resolve: { http: false } } as const;
  return {
    swaggerParser: await accepts(async () => Boolean(await parser.validate(spec, noNetwork))),
    schemaValidator: await accepts(async () => {
      const text = await readFile(spec, "utf8");
      return (await new Validator().validate(load(text) as string)).valid;
    }),
  };
}
