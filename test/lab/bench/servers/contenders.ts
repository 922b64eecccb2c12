import type { Peers } from "./peers.ts";

/** A server under load, or an engine in a process of its own. */
export type Contender = {
  /** How `--contenders` calls it; one word may stand for several. */
  key: string;
  name: string;
  /** What it does with a request, for a reader who compares. */
  does: string;
  basePath: "/v1" | "/v1.1" | "";
  /** Whether it is sent signed requests. */
  signed: boolean;
  /** Registers subjects, so that one must be there before it can be found. */
  stores?: true;
  /** How it starts; without it, it is asked in process. */
  start?(port: number, place: Place): { file: string; args: string[] };
  /** How many times the usual warm-up it gets: the Java virtual machine compiles late what is called often. */
  warmUps?: number;
  /** The only scenario it is measured at, if there is one. */
  only?: string;
  /** By scenario, where it answers with another status than NEC ID, and why. */
  otherwise?: Record<string, { status: number; because: string }>;
  /** Why it cannot be measured here, if so. */
  missing?(peers: Peers): string | undefined;
};

/** What a contender starts from: the files of this run, the scenario, and the programs. */
export type Place = { folder: string; scenario: string; peers: Peers };

/** Whom the ratios refer to. */
export const bare = "bare node:http";
export const stockPrism = "Prism CLI";
export const wiremock = "WireMock";

const node = process.execPath;
const prismMock = (port: number, { peers }: Place) => [
  ...[peers.prism, "mock", "generated/necid-v1/openapi.json"],
  ...["--port", String(port)],
];
const mock = (port: number, ...more: string[]) => ({
  file: node,
  args: ["tools/commands/necid.ts", "mock", "--port", String(port), "--quiet", ...more],
});

const asPrism: Contender["otherwise"] = {
  delete: { status: 204, because: "Prism keeps no subjects, so that any id is a known one" },
  unsigned: { status: 401, because: "Prism asks for missing credentials" },
};

/**
 * Who is measured, in this order within each round and scenario. Prism CLI twice, because it logs each request unless told
 * otherwise, which takes it a third of its speed, while the mock runs `--quiet` here. WireMock without its
 * journal and log, which it is faster without.
 */
export const contenders: readonly Contender[] = [
  {
    key: "bare",
    name: bare,
    does: "reads the body, gives a fixed answer",
    basePath: "/v1",
    signed: true,
    start: (port, { folder, scenario }) => ({
      file: node,
      args: ["test/lab/bench/servers/bare.ts", String(port), `${folder}/answers.json`, scenario],
    }),
  },
  {
    key: "mock",
    name: "mock, signed, strict",
    does: "verifies signature and API key, validates, stores",
    basePath: "/v1",
    signed: true,
    stores: true,
    start: (port) => mock(port),
  },
  {
    key: "mock",
    name: "mock, --auth off",
    does: "validates, stores",
    basePath: "/v1",
    signed: false,
    stores: true,
    start: (port) => mock(port, "--auth", "off"),
    otherwise: { unsigned: { status: 201, because: "--auth off wants no signature" } },
  },
  {
    key: "prism",
    name: stockPrism,
    does: "wants credentials, validates, gives examples",
    basePath: "",
    signed: true,
    start: (port, place) => ({ file: node, args: prismMock(port, place) }),
    otherwise: asPrism,
  },
  {
    key: "prism",
    name: "Prism CLI, silent",
    does: "the same, without its log",
    only: "register",
    basePath: "",
    signed: true,
    start: (port, place) => ({ file: node, args: [...prismMock(port, place), "--verboseLevel", "silent"] }),
    otherwise: asPrism,
  },
  {
    key: "prism",
    name: "prism.request",
    does: "the same, in process, no HTTP",
    basePath: "",
    signed: true,
    otherwise: asPrism,
  },
  {
    key: "wiremock",
    name: wiremock,
    does: "a stub that compares headers and JSON path; verifies, validates and stores nothing",
    basePath: "/v1",
    signed: true,
    start: (port, { folder, peers }) => ({
      file: "java",
      args: [
        ...["-jar", peers.wiremock, "--port", String(port), "--bind-address", "127.0.0.1"],
        ...["--root-dir", folder, "--disable-banner", "--no-request-journal", "--disable-request-logging"],
        ...["--use-chunked-encoding", "never"],
      ],
    }),
    warmUps: 3,
    missing: ({ java }) => (java ? undefined : "no java"),
  },
  {
    key: "mockoon",
    name: "Mockoon CLI",
    does: "a stub that compares headers and body; verifies, validates and stores nothing",
    basePath: "/v1",
    signed: true,
    start: (port, { folder, peers }) => ({
      file: node,
      args: [
        ...[peers.mockoon, "start", "--data", `${folder}/mockoon.json`, "--port", String(port)],
        "--disable-log-to-file",
      ],
    }),
  },
];
