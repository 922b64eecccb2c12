import { hash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import type { VerifiedContract } from "../contracts/necid/verification.ts";
import { judgeByAccepted, parseAccepted } from "../contracts/verify/accept.ts";
import type { Check, PlannedCall } from "../contracts/verify/check.ts";
import { assembleReport } from "../contracts/verify/report/assemble.ts";
import { sealText } from "../contracts/verify/report/seal.ts";
import { terminalLook, terminalReport } from "../contracts/verify/report/terminal.ts";
import { writeReport } from "../contracts/verify/report/write.ts";
import { type Images, imageRoles } from "../contracts/verify/scene.ts";
import type { Target } from "../contracts/verify/target.ts";
import type { CheckOutcome, RunOutcome } from "../contracts/verify/verify.ts";
import type { Mock } from "../mocks/mock.ts";

export type VerifyCommand = {
  target: string;
  plan?: boolean;
  clean?: boolean;
  maxCalls?: number;
  rate?: number;
  faces?: string;
  accept?: string;
  report?: string;
  ledger: string;
  timeout: number;
  part: string[];
};

type Terminal = {
  stdout(text: string): void;
  stderr(text: string): void;
  env: Record<string, string | undefined>;
};

/** Who is verified, and how careful we have to be. */
type Subject = { target: Target; name: string; live: boolean; images: Images; close(): Promise<void> };

/**
 * Verifies whoever answers at a base URL against the contract.
 *
 * @returns the exit code: 0 conforms, 1 does not, 2 could not run.
 */
export async function runVerify(command: VerifyCommand, terminal: Terminal): Promise<number> {
  const { stderr } = terminal;
  try {
    const subject = await subjectOf(command, terminal);
    try {
      return await verifySubject(subject, command, terminal);
    } finally {
      await subject.close();
    }
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    stderr(`${error.message}\n`);
    return 2;
  }
}

/** The command was given something it cannot work with. */
class VerifyCommandError extends Error {
  readonly code = "VERIFY_COMMAND";
}

async function subjectOf(command: VerifyCommand, { env }: Terminal): Promise<Subject> {
  const [{ cardImages, imagesFrom }, { serverUrl }] = await Promise.all([
    import("../contracts/necid/images.ts"),
    import("#generated/necid-v1/client.js"),
  ]);
  const pictures = command.faces === undefined ? undefined : imagesFrom(command.faces);
  if (command.target === "mock") return mockSubject(pictures ?? cardImages, env);

  const named = command.target === "live" ? (env.NECID_BASE_URL ?? serverUrl) : command.target;
  if (!URL.canParse(named) || !/^https?:/.test(named)) {
    throw new VerifyCommandError(`--target is mock, live or a base URL, not ${named}.`);
  }
  const live = command.target === "live" || new URL(named).host === new URL(serverUrl).host;
  const target = targetFrom(named, { env, live });
  const none: Images = () => undefined;
  return {
    target,
    name: command.target,
    live,
    images: pictures ?? (live ? none : cardImages),
    close: async () => {},
  };
}

async function mockSubject(images: Images, env: Terminal["env"]): Promise<Subject> {
  const { startMock } = await import("../mocks/mock.ts");
  const mock: Mock = await startMock();
  const { credentials, apiKeys, url } = mock;
  const target = {
    ...scope,
    baseUrl: url,
    ...credentials,
    apiKeys: [apiKeys[0]!, apiKeys[1]] as [string, string],
  };
  return { target, name: "mock", live: false, images, close: () => mock.close() };
}

const scope = { region: "ap-southeast-2", service: "execute-api" };

function targetFrom(baseUrl: string, { env, live }: { env: Terminal["env"]; live: boolean }): Target {
  const fallback = live ? {} : documentationCredentials;
  const given = {
    ...fallback,
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value)),
  } as Terminal["env"];
  const missing = ["NECID_ACCESS_KEY_ID", "NECID_SECRET_ACCESS_KEY", "NECID_API_KEY"].filter(
    (name) => !given[name],
  );
  if (missing.length > 0) {
    throw new VerifyCommandError(
      `${missing.join(", ")} must be set in the environment to verify ${baseUrl}.`,
    );
  }
  return {
    ...scope,
    baseUrl: baseUrl.replace(/\/+$/, ""),
    accessKeyId: given.NECID_ACCESS_KEY_ID!,
    secretAccessKey: given.NECID_SECRET_ACCESS_KEY!,
    sessionToken: given.NECID_SESSION_TOKEN,
    apiKeys: [given.NECID_API_KEY!, given.NECID_API_KEY_2],
  };
}

const documentationCredentials = {
  NECID_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  NECID_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  NECID_API_KEY: "necid-mock-application-key-0001",
  NECID_API_KEY_2: "necid-mock-application-key-0002",
};

async function verifySubject(subject: Subject, command: VerifyCommand, terminal: Terminal): Promise<number> {
  const [necId, { necIdRegistering }, { openLedger, targetName }, { planChecks, runChecks }] =
    await Promise.all([
      import("../contracts/necid/verification.ts"),
      import("../contracts/necid/registering.ts"),
      import("../contracts/verify/ledger.ts"),
      import("../contracts/verify/verify.ts"),
    ]);
  const contract = await necId.loadVerifiedContract();
  const { target, images, live } = subject;
  const run = `necid-verify-${randomBytes(5).toString("hex")}`;
  const every = command.clean ? [] : necId.necIdChecks(contract, { sendsLargeBodies: !live });
  const checks = every.filter(({ part }) => command.part.length === 0 || command.part.includes(part));
  const stop = new AbortController();
  const options = {
    target,
    registering: necIdRegistering,
    targetName: targetName(target),
    run,
    images,
    checks,
    preflight: necId.necIdPreflight,
    clock: Date.now,
    signal: stop.signal,
    timeoutMs: command.timeout * 1000,
  };
  const plan = () => planChecks({ ...options, answer: necId.necIdPlanAnswers(contract, images, run) });

  if (command.plan) {
    const calls = await plan();
    terminal.stdout(`${calls.map(planLine).join("\n")}\n${calls.length} calls would be made. None was.\n`);
    return 0;
  }
  if (live) await demandConsent(command, { plan, target, terminal });

  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    const ledger = openLedger(command.ledger);
    const seen = observe({ subject, command, terminal, contract, checks, run });
    const limits = { maxCalls: command.maxCalls, rate: command.rate };
    const outcome = await runChecks({
      ...options,
      ...limits,
      ledger,
      onCall: seen.onCall,
      onStart: seen.onStart,
      onCheck: seen.onCheck,
    });
    return await seen.end(outcome);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** One planned call on a line; ids are only known when it is made. */
function planLine({
  method,
  operation,
  path,
  purpose,
  signing = "good",
  application = 1,
}: PlannedCall): string {
  const shown = path.replaceAll(/necidguid-[0-9a-f-]+/g, "{id}");
  const notes = [
    ...(signing === "good" ? [] : [`signed: ${signing}`]),
    ...(application === 1 ? [] : ["application 2"]),
  ];
  return `${method} ${shown}  ${operation}  ${purpose}${notes.length > 0 ? `  (${notes.join(", ")})` : ""}`;
}

type Asking = { plan: () => Promise<PlannedCall[]>; target: Target; terminal: Terminal };

/** A live service is paid and shared: a limit was given, or somebody says yes. */
async function demandConsent({ maxCalls }: VerifyCommand, { plan, target, terminal }: Asking): Promise<void> {
  if (maxCalls !== undefined) return;
  const { length } = await plan();
  const facts = `${length} calls to ${target.baseUrl}`;
  if (terminal.env.CI || !process.stdin.isTTY) {
    throw new VerifyCommandError(`${facts} need a limit: --max-calls ${length}. See them first with --plan.`);
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`This makes ${facts}. Go on? [y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new VerifyCommandError("Nothing was called.");
}

type Observed = {
  subject: Subject;
  command: VerifyCommand;
  terminal: Terminal;
  contract: VerifiedContract;
  checks: Check[];
  run: string;
};

/** Follows a run for the terminal and the report. */
function observe({ subject, command, terminal, contract, checks, run }: Observed) {
  const { env, stdout } = terminal;
  const { target, images } = subject;
  const secrets = [target.secretAccessKey, target.sessionToken, ...target.apiKeys].filter(
    (secret) => secret !== undefined,
  );
  const look = terminalLook({ env, isTTY: Boolean(process.stdout.isTTY), columns: process.stdout.columns });
  const show = terminalReport({ write: stdout, seal: sealText(secrets), ...look });
  const started = new Date();
  const began = performance.now();
  const calls = new Map<string, PlannedCall[]>();
  let current = "";
  let registered = 0;

  return {
    onStart(check: Check) {
      current = check.id;
      show.started(check);
    },
    onCall(planned: PlannedCall) {
      calls.set(current, [...(calls.get(current) ?? []), planned]);
      if (planned.operation === "ApiSubjectsPost") registered += 1;
    },
    onCheck({ check, result, ms, calls: made }: CheckOutcome) {
      const { id, part, operation, title } = check;
      const status =
        result.mismatches.length > 0 ? "failed" : result.skipped === undefined ? "passed" : "skipped";
      show.finished({ id, part, operation, title, status, reason: result.skipped, ms, calls: made });
    },
    async end(outcome: RunOutcome): Promise<number> {
      const found = outcome.outcomes.flatMap(({ result }) => result.mismatches);
      const accepted =
        command.accept === undefined
          ? []
          : parseAccepted(command.accept, readFileSync(command.accept, "utf8"));
      const report = assembleReport({
        target: { name: subject.name, baseUrl: target.baseUrl },
        contract: { ...contract.openapi.info, sha256: hash("sha256", contract.text) },
        started: started.toISOString(),
        ms: Math.round(performance.now() - began),
        openapi: contract.openapi,
        sources: contract.sources,
        checks,
        run: outcome,
        judged: judgeByAccepted(found, accepted, Date.now()),
        registered,
        maxCalls: command.maxCalls,
        callsOf: (id) => calls.get(id) ?? [],
        roleOf: (text) => imageRoles.find((role) => images(role, run) === text),
        secrets,
      });
      show.end(report);
      await writeReport(report, { directory: command.report, env, stdout });
      return exitCodes[report.verdict];
    },
  };
}

const exitCodes = { conforms: 0, "does not conform": 1, "could not run": 2 };
