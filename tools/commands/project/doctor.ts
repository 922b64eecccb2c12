import { optionalPackages } from "../../../contracts/openapi/optional-packages.ts";
import { sign } from "../../../contracts/signing.ts";
import { defineVerb, type Option } from "../reader/program.ts";
import type { Terminal } from "../reader/terminal.ts";

const options = {
  baseUrl: {
    argument: "url",
    description: "the service to ask (default: $NECID_BASE_URL; without it nothing is called)",
  },
} as const satisfies Record<string, Option>;

export const doctorVerb = defineVerb({
  options,
  notes: `Environment:
  NECID_BASE_URL, NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_SESSION_TOKEN, NECID_API_KEY

It makes two calls: GET /health, and a signed DELETE of a subject that does not exist.
The exit code is 1 when something is wrong.`,
  run: ({ options }, terminal) => runDoctor(options, terminal),
});

/** What was looked at: `ok`, `wrong` with the next step, or `note` where nothing has to be done. */
type Finding = { kind: "ok" | "note" | "wrong"; text: string };

/**
 * Looks at the machine, the environment and the service, and says what to do about what is wrong.
 *
 * @returns the exit code: 0, or 1 when something is wrong.
 */
export async function runDoctor({ baseUrl }: { baseUrl?: string }, terminal: Terminal): Promise<number> {
  const { env, stdout } = terminal;
  const credentials = checkCredentials(env);
  const url = baseUrl ?? env.NECID_BASE_URL;
  const findings = [
    checkNode(process.versions.node),
    ...checkPackages(),
    ...credentials,
    ...(url === undefined
      ? [{ kind: "note" as const, text: "NECID_BASE_URL is not set: no service was called" }]
      : await checkService(url, { env, canSign: credentials.every(({ kind }) => kind === "ok") })),
  ];
  for (const { kind, text } of findings) stdout(`${kind.padEnd(5)}  ${text}\n`);
  return findings.some(({ kind }) => kind === "wrong") ? 1 : 0;
}

/** The oldest Node that the package is for, as `engines` in package.json says. */
const oldest = [22, 12] as const;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  if (isOld)
    return { kind: "wrong", text: `Node ${version} is too old: install ${oldest.join(".")} or newer` };
  return { kind: "ok", text: `Node ${version}` };
}

function checkPackages(): Finding[] {
  const packages = optionalPackages();
  return Object.entries(Object.groupBy(packages, ({ part }) => part)).map(([part, all]) => {
    const missing = all!.filter(({ installed }) => !installed);
    if (missing.length === 0) return { kind: "ok", text: `the packages for ${part} are installed` };
    const names = missing.map(({ name, version }) => `${name}@${version}`).join(" ");
    return {
      kind: "note",
      text: `the packages for ${part} are not installed; if you want it: npm i -D --ignore-scripts ${names}`,
    };
  });
}

const variables: [name: string, isRight: RegExp, rule: string][] = [
  ["NECID_ACCESS_KEY_ID", /^[A-Z0-9]{16,128}$/, "16 or more capital letters and digits"],
  ["NECID_SECRET_ACCESS_KEY", /^[A-Za-z0-9/+=]{40}$/, "40 letters, digits, /, + and ="],
  ["NECID_API_KEY", /^[!-~]{20,128}$/, "20 to 128 visible characters without spaces"],
];

/** Says what a value must look like, and never the value. */
function checkCredentials(env: Terminal["env"]): Finding[] {
  return variables.map(([name, isRight, rule]) => {
    const value = env[name];
    if (!value) return { kind: "note", text: `${name} is not set; set it to call a service` };
    if (isRight.test(value)) return { kind: "ok", text: `${name} is set and well formed` };
    return {
      kind: "wrong",
      text: `${name} has ${value.length} characters and should be ${rule}: copy it again`,
    };
  });
}

type Service = { env: Terminal["env"]; canSign: boolean };

async function checkService(baseUrl: string, { env, canSign }: Service): Promise<Finding[]> {
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl))
    return [{ kind: "wrong", text: "the base URL must be like https://api.id.nec.com.au/v1" }];
  const base = baseUrl.replace(/(?<!\/)\/+$/, "");
  const health = await ask(`${base}/health`, { method: "GET" });
  if (health instanceof Error) {
    const text = `${new URL(base).host} cannot be reached (${health.message}): check the URL, the network and the proxy`;
    return [{ kind: "wrong", text }];
  }
  const findings: Finding[] = [checkHealth(base, health), ...checkClock(health)];
  if (!canSign)
    return [...findings, { kind: "note", text: "no signed call was made, for want of credentials" }];
  const url = `${base}/subjects/necidguid-0000-0000-0000-000000000000`;
  const headers = sign(
    { method: "DELETE", url, headers: new Headers() },
    {
      accessKeyId: env.NECID_ACCESS_KEY_ID!,
      secretAccessKey: env.NECID_SECRET_ACCESS_KEY!,
      sessionToken: env.NECID_SESSION_TOKEN || undefined,
      apiKey: env.NECID_API_KEY!,
      now: Date.now(),
    },
  );
  const answer = await ask(url, { method: "DELETE", headers });
  if (answer instanceof Error)
    return [...findings, { kind: "wrong", text: `the signed call failed (${answer.message})` }];
  return [...findings, await checkSigned(answer)];
}

function checkHealth(base: string, { status }: Response): Finding {
  if (status === 200) return { kind: "ok", text: `${base} answers` };
  const text = `${base}/health answers ${status} instead of 200: check that the base URL ends in the version, /v1`;
  return { kind: "wrong", text };
}

/** The gateway accepts five minutes. */
function checkClock({ headers }: Response): Finding[] {
  const seconds = Math.round((Date.now() - Date.parse(headers.get("date") ?? "")) / 1000);
  if (Number.isNaN(seconds)) return [];
  const shown = `this machine's clock is ${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead"}`;
  if (Math.abs(seconds) > 240)
    return [{ kind: "wrong", text: `${shown}: set it by NTP, or signatures are refused` }];
  return [{ kind: "ok", text: shown }];
}

async function checkSigned(response: Response): Promise<Finding> {
  if (response.status === 404) return { kind: "ok", text: "the signature and the API key are accepted" };
  const type = response.headers.get("x-amzn-errortype")?.split(":")[0] ?? "";
  const body = await response.text();
  const [, , advice] = advices.find(([name, text]) => name === type && text.test(body)) ?? [
    "",
    /$/,
    "see docs/api-gateway.md",
  ];
  return { kind: "wrong", text: `the signed call is answered ${response.status} ${type}: ${advice}` };
}

/** What each refusal of the gateway means. The first row whose error type and text fit counts. */
const advices: [errorType: string, text: RegExp, advice: string][] = [
  [
    "InvalidSignatureException",
    /expired|not yet current/,
    "the clock of this machine is wrong, set it by NTP",
  ],
  ["InvalidSignatureException", /scoped/, "the region or service of the signature is wrong"],
  ["InvalidSignatureException", /./, "NECID_SECRET_ACCESS_KEY is wrong, or a proxy changes requests"],
  [
    "UnrecognizedClientException",
    /./,
    "NECID_ACCESS_KEY_ID is unknown, or NECID_SESSION_TOKEN is not its own",
  ],
  ["ForbiddenException", /./, "NECID_API_KEY is unknown: it names the application, ask NEC for it"],
  [
    "MissingAuthenticationTokenException",
    /./,
    "there is no such path: check that the base URL ends in the version, /v1",
  ],
  ["IncompleteSignatureException", /./, "a proxy drops parts of the Authorization header"],
  ["TooManyRequestsException", /./, "the service is throttled, try again later"],
  ["LimitExceededException", /./, "the quota of the API key is used up"],
];

async function ask(url: string, init: RequestInit): Promise<Response | Error> {
  try {
    return await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    const { cause, name } = error as Error & { cause?: NodeJS.ErrnoException };
    return new Error(cause?.code ?? cause?.message ?? name);
  }
}
