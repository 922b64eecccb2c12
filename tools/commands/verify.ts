import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { OpenedPacts } from "../../contracts/necid/verify/pacts.ts";
import type { VerificationContract } from "../../contracts/necid/verify/verification.ts";
import type { Check, MadeCall, PlannedCall } from "../../contracts/verify/check.ts";
import { assembleReport } from "../../contracts/verify/report/assemble.ts";
import { type KeptResponse, keepResponse } from "../../contracts/verify/report/kept-response.ts";
import { createRedactor } from "../../contracts/verify/report/redact.ts";
import { terminalLook, terminalReport } from "../../contracts/verify/report/terminal.ts";
import { writeReport } from "../../contracts/verify/report/write.ts";
import { type Accepted, parseAccepted, sortDeviations } from "../../contracts/verify/run/accepted.ts";
import type { CheckOutcome, RunOptions, RunOutcome } from "../../contracts/verify/run/run.ts";
import type { Target } from "../../contracts/verify/run/target.ts";
import { defineVerb } from "./reader/program.ts";
import { type Terminal, withSecrets } from "./reader/terminal.ts";
import { cleanUp } from "./verify-clean.ts";
import { options, type VerifyCommand, VerifyCommandError } from "./verify-command.ts";
import { compareTargets } from "./verify-compare.ts";
import { callingOf, type OpenTarget, openMock, openTarget, roleIn, secretsOf } from "./verify-target.ts";

export const verifyVerb = defineVerb({
  options,
  notes: `Exit codes: 0 conforms, 1 does not, 2 could not run (credentials, quota, clock, network, outage, or the
limit of calls is reached, or it was interrupted).

Environment:
  NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_SESSION_TOKEN   who signs
  NECID_API_KEY, NECID_API_KEY_2                                      two applications, for isolation checks
  NECID_BASE_URL                                                      where live is
  PACT_BROKER_BASE_URL, PACT_BROKER_TOKEN, …                          a broker whose pacts are verified too`,
  async run({ options }, terminal) {
    if (!options.states) return runVerify(options, terminal);
    const { describeProviderStates } = await import("../../contracts/necid/verify/provider-states.ts");
    terminal.stdout(describeProviderStates());
    return 0;
  },
});

/**
 * Verifies whoever answers at a base URL against the contract.
 *
 * @returns the exit code: 0 conforms, 1 does not, 2 could not run.
 */
export async function runVerify(command: VerifyCommand, given: Terminal): Promise<number> {
  const { env } = given;
  const terminal = withSecrets(given, [env.NECID_ACCESS_KEY_ID ?? ""]);
  const { stderr } = terminal;
  try {
    const accepted = readAccepted(command.accept);
    readyFolder(command.report);
    const opened = await openTarget(command, env);
    try {
      return await withPacts(opened, { ...command, accepted }, terminal);
    } finally {
      await opened.close();
    }
  } catch (error) {
    // An unforeseen error must not pass for a response of the target.
    const redact = createRedactor([], { keep: keptTexts(command, env.NECID_BASE_URL) });
    stderr(`${redact((error as Error).message)}\n`);
    return 2;
  }
}

/** File names and the base URL, which a person needs whole. */
function keptTexts(command: VerifyCommand, baseUrl: string | undefined): string[] {
  const { target, accept, pact = [], report, faces, ledger } = command;
  const files = [accept, ...pact, report, faces, ledger].filter((file) => file !== undefined);
  return [target ?? "", baseUrl ?? "", ...files, ...files.map((file) => resolve(file))];
}

function readAccepted(file: string | undefined): Accepted[] {
  if (file === undefined) return [];
  return parseAccepted(
    file,
    orRefuse(() => readFileSync(file, "utf8"), `--accept ${file} cannot be read`),
  );
}

/** Before any call is made: a report that cannot be written is found out too late. */
function readyFolder(folder: string | undefined): void {
  if (folder === undefined) return;
  orRefuse(() => {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  }, `--report ${folder} cannot be written`);
}

function orRefuse<Result>(read: () => Result, fault: string): Result {
  try {
    return read();
  } catch (error) {
    throw new VerifyCommandError(`${fault} (${(error as NodeJS.ErrnoException).code}).`);
  }
}

type Verifying = VerifyCommand & { accepted: Accepted[] };

/** Opens the pacts. Refuses those that need what the contract does not allow, before any call. */
async function withPacts(opened: OpenTarget, command: Verifying, terminal: Terminal): Promise<number> {
  const { loadVerificationContract } = await import("../../contracts/necid/verify/verification.ts");
  const contract = await loadVerificationContract(opened.version);
  const isWanted = !command.clean && (command.part.length === 0 || command.part.includes("pact"));
  if (!isWanted) return verifyTarget(opened, command, { terminal, contract });
  const { missingPackages } = await import("../../contracts/openapi/optional-packages.ts");
  const missing = missingPackages("pact");
  if (missing) {
    // Whoever asks for pacts gets them or an error; everybody else gets the other checks.
    if (command.part.includes("pact") || command.pact?.length) throw missing;
    terminal.stderr(`${missing.message}\nPacts are not verified.\n`);
    return verifyTarget(opened, command, { terminal, contract });
  }
  const { openNecIdPacts } = await import("../../contracts/necid/verify/pacts.ts");
  const pacts = await openNecIdPacts({
    openapi: contract.openapi,
    version: opened.version,
    sources: command.pact ?? [],
    env: terminal.env,
    allowInsecure: command.allowInsecure,
  });
  try {
    for (const { source, mismatch } of pacts.pending) {
      terminal.stderr(`${source}: pending: ${mismatch.message}\n`);
    }
    for (const source of pacts.empty) {
      terminal.stderr(`${source}: ${command.strict ? "error" : "warning"}: it has no interactions.\n`);
    }
    if (command.strict && pacts.empty.length > 0) return 2;
    for (const { source, mismatch } of pacts.refused) terminal.stderr(`${source}: ${mismatch.message}\n`);
    if (pacts.refused.length > 0) {
      terminal.stderr("These pacts cannot be verified as they are. No call was made.\n");
      return 1;
    }
    return await verifyTarget(opened, command, { terminal, contract, pacts });
  } finally {
    await pacts.close();
  }
}

type Opened = { terminal: Terminal; contract: VerificationContract; pacts?: OpenedPacts };

async function verifyTarget(
  opened: OpenTarget,
  command: Verifying,
  { terminal, contract, pacts }: Opened,
): Promise<number> {
  const [necId, { necIdRegistering }, { openLedger, planLedger, targetName }, { planChecks, runChecks }] =
    await Promise.all([
      import("../../contracts/necid/verify/verification.ts"),
      import("../../contracts/necid/verify/registering.ts"),
      import("../../contracts/verify/run/ledger.ts"),
      import("../../contracts/verify/run/run.ts"),
    ]);
  const { live } = opened;
  const run = `necid-verify-${randomBytes(5).toString("hex")}`;
  const sending = { sendsLargeBodies: !live, failsOnRequest: opened.ephemeral };
  const every = [...necId.necIdChecks(contract, sending), ...(pacts?.checks ?? [])];
  const checks = every.filter(({ part }) => command.part.length === 0 || command.part.includes(part));
  const stop = new AbortController();
  const about = ({ target, images }: OpenTarget) => ({
    target,
    images,
    targetName: targetName(target),
    registering: necIdRegistering,
    run,
    checks,
    preflight: necId.necIdPreflight,
    clock: Date.now,
    signal: stop.signal,
    timeoutMs: command.timeout * 1000,
    rate: command.rate,
    maxCalls: command.maxCalls,
  });
  const options = about(opened);
  const plan = () => planChecks({ ...options, send: necId.necIdPlanResponses(contract, opened.images, run) });

  if (command.plan) {
    const calls = await plan();
    terminal.stdout(
      `${calls.map((call) => planLine(call, options.target, necId.withoutIds)).join("\n")}\n${calls.length} calls would be made. None was.\n`,
    );
    return 0;
  }
  if (live && !command.clean) {
    options.maxCalls = await demandConsent(command, { plan, baseUrl: opened.target.baseUrl, terminal });
  }

  const interrupt = () => stop.abort();
  // Nobody reads the report any more, as after `| head`: what is registered is still unregistered.
  const reopen = terminal.onClosed(interrupt);
  const ledger = opened.ephemeral
    ? planLedger()
    : openLedger(command.ledger, { ...opened.target, target: targetName(opened.target) });
  // Only once: the second Ctrl-C ends at once.
  for (const signal of signals) process.once(signal, interrupt);
  try {
    if (command.clean) return await cleanUp({ ...options, ledger }, terminal);
    if (command.compare) return await compareWithMock(opened, { ...options, ledger });
    const seen = observe({ opened, command, maxCalls: options.maxCalls, terminal, contract, checks, run });
    const outcome = await runChecks({ ...options, ledger, ...seen.listeners });
    if (!outcome.stopped) await pacts?.publish();
    return await seen.end(outcome);
  } finally {
    reopen();
    for (const signal of signals) process.off(signal, interrupt);
    ledger.close();
  }

  async function compareWithMock(first: OpenTarget, options: RunOptions): Promise<number> {
    const { cardImages } = await import("../../contracts/necid/verify/images.ts");
    const mock = await openMock(cardImages, { version: first.version, like: first });
    const second = { ...about(mock), ledger: planLedger(), maxCalls: undefined, rate: undefined };
    const redact = createRedactor([...secretsOf(first.target), ...secretsOf(mock.target)]);
    const name = first.name === "mock" ? "target mock" : first.name;
    // The differences are printed, and the checks of the target are only written to the files of --report.
    const silent = { ...terminal, styled: () => {}, workflow: () => {} };
    const { maxCalls } = options;
    const seen =
      command.report === undefined
        ? undefined
        : observe({ opened: first, command, maxCalls, terminal: silent, contract, checks, run });
    try {
      return await compareTargets(
        [
          { name, options: { ...options, ...seen?.listeners }, onEnd: seen?.end },
          { name: "mock", options: second },
        ],
        { ...terminal, redact },
      );
    } finally {
      await mock.close();
    }
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One planned call on a line; ids are only known when it is made. */
function planLine(planned: PlannedCall, { baseUrl }: Target, withoutIds: (path: string) => string): string {
  const { method, operation, purpose, signing = "good", application = 1 } = planned;
  const path = `${new URL(baseUrl).pathname.replace(/\/$/, "")}${planned.path}`;
  const shown = withoutIds(path);
  const notes = [
    ...(signing === "good" ? [] : [`signed: ${signing}`]),
    ...(application === 1 ? [] : ["application 2"]),
  ];
  return `${method} ${shown}  ${operation}  ${purpose}${notes.length > 0 ? `  (${notes.join(", ")})` : ""}`;
}

type Consent = { plan: () => Promise<PlannedCall[]>; baseUrl: string; terminal: Terminal };

/**
 * A live service is paid and shared: a limit was given, or somebody says yes.
 *
 * @returns the limit of calls that was agreed to.
 */
async function demandConsent(
  { maxCalls, yes }: VerifyCommand,
  { plan, baseUrl, terminal }: Consent,
): Promise<number> {
  if (maxCalls !== undefined) return maxCalls;
  const { length } = await plan();
  if (yes) return length;
  const facts = `${length} calls to ${baseUrl}`;
  if (terminal.env.CI || !process.stdin.isTTY) {
    throw new VerifyCommandError(
      `${facts} need a limit: --max-calls ${length}, or --yes. See them first with --plan.`,
    );
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const reply = await prompt.question(`This makes ${facts}. Go on? [y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(reply.trim())) throw new VerifyCommandError("Nothing was called.");
  return length;
}

type Observed = {
  opened: OpenTarget;
  command: Verifying;
  maxCalls: number | undefined;
  terminal: Terminal;
  contract: VerificationContract;
  checks: Check[];
  run: string;
};

/** Follows a run for the terminal and the report. */
function observe({ opened, command, maxCalls, terminal, contract, checks, run }: Observed) {
  const { env, stdout, styled, workflow, isTTY, columns } = terminal;
  const { target } = opened;
  const secrets = secretsOf(target);
  const keep = keptTexts(command, target.baseUrl);
  const redact = createRedactor(secrets, { keep });
  const show = terminalReport({
    write: styled,
    redact,
    total: checks.length,
    ...terminalLook({ env, isTTY, columns }),
  });
  const started = new Date();
  const began = performance.now();
  const calls = new Map<string, PlannedCall[]>();
  const responses = new Map<PlannedCall, KeptResponse>();
  let current = "";

  const listeners = {
    onRecovered(count: number) {
      stdout(`${count} registration${count === 1 ? "" : "s"} of an earlier run were found and undone\n`);
    },
    onStart(check: Check) {
      current = check.id;
      show.started(check);
    },
    onCall(planned: PlannedCall) {
      calls.set(current, [...(calls.get(current) ?? []), planned]);
    },
    onMade({ planned, response }: MadeCall) {
      responses.set(planned, keepResponse(response));
    },
    onCheck({ check, result, ms, calls: made }: CheckOutcome) {
      const { id, part, operation, title } = check;
      const status =
        result.mismatches.length > 0 ? "failed" : result.skipped === undefined ? "passed" : "skipped";
      show.finished({ id, part, operation, title, status, reason: result.skipped, ms, calls: made });
    },
  };
  return {
    listeners,
    async end(outcome: RunOutcome & { registered: number }): Promise<number> {
      const found = outcome.outcomes.flatMap(({ result }) => result.mismatches);
      const report = assembleReport({
        target: { name: opened.name, baseUrl: target.baseUrl },
        contract: { ...contract.openapi.info, sha256: contract.sha256 },
        started: started.toISOString(),
        ms: Math.round(performance.now() - began),
        openapi: contract.openapi,
        sources: contract.sources,
        checks,
        run: outcome,
        deviations: sortDeviations(found, command.accepted, Date.now()),
        registered: outcome.registered,
        maxCalls,
        callsOf: (id) => calls.get(id) ?? [],
        responseTo: (call) => responses.get(call),
        roleOf: roleIn(opened, run),
        calling: await callingOf(opened, command),
        secrets,
        keep,
      });
      show.end(report);
      await writeReport(report, { directory: command.report, env, stdout: workflow });
      return exitCodes[report.verdict];
    },
  };
}

const exitCodes = { conforms: 0, "does not conform": 1, "could not run": 2 };
