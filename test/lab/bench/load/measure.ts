import { responseBody } from "../../../../generated/necid-v1/validators.js";
import { exchangeRaw } from "../../../raw-http.ts";
import type { Measurement } from "../report/summarise.ts";
import type { Contender, Place } from "../servers/contenders.ts";
import type { PrismJob, PrismResult } from "../servers/prism-process.ts";
import {
  type FirstResponse,
  type RunningServer,
  ServerError,
  type Started,
  startServer,
} from "../servers/start-server.ts";
import { callProcess } from "./call-process.ts";
import { requestBytes } from "./request-bytes.ts";
import { runLoad } from "./run-load.ts";
import { register, type Scenario } from "./scenarios.ts";

export type MeasureOptions = {
  place: Place;
  /** The id that is asked for where the contender keeps no subjects. */
  subject: string;
  env: NodeJS.ProcessEnv;
  connections: number;
  warmUpMs: number;
  measuredMs: number;
};

export type Measured = Omit<Measurement, "name" | "scenario" | "round">;

/**
 * Measures one contender at one scenario, in a fresh process: starts it, judges its first response, puts it
 * under load, reads its memory.
 *
 * @throws {ServerError} when it does not answer as it should.
 */
export async function measure(
  contender: Contender,
  scenario: Scenario,
  options: MeasureOptions,
): Promise<Measured> {
  try {
    return contender.start
      ? await underLoad(contender, scenario, options)
      : await inProcess(contender, scenario, options);
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw new ServerError(`${contender.name}, ${scenario.name}: ${(error as Error).message}`);
  }
}

/** What a contender answers to a scenario. */
export function statusOf({ otherwise = {} }: Contender, { name, status }: Scenario): number {
  return otherwise[name]?.status ?? status;
}

/** A contender as something that can be started, and is asked with one scenario until it answers. */
export function startable(
  contender: Contender,
  scenario: Scenario,
  { place, subject }: { place: Place; subject: string },
): Started {
  const status = statusOf(contender, scenario);
  return {
    name: contender.name,
    command: (port) => contender.start!(port, place),
    request: (port) => bytesOf(contender, scenario, { port, subject }),
    isRight: (response) => keepsContract(response, { operation: scenario.operation, status }),
    wanted: `${status} as the contract has it`,
  };
}

async function underLoad(
  contender: Contender,
  scenario: Scenario,
  options: MeasureOptions,
): Promise<Measured> {
  const { env, connections, measuredMs } = options;
  const registersFirst = contender.stores && scenario.wantsSubject;
  const server = await startServer(startable(contender, registersFirst ? register : scenario, options), {
    env,
  });
  try {
    const { port } = server;
    const subject = registersFirst
      ? (JSON.parse(server.response.body) as { id: string }).id
      : options.subject;
    const request = bytesOf(contender, scenario, { port, subject });
    const status = statusOf(contender, scenario);
    if (registersFirst) await judge(server, request, { operation: scenario.operation, status });
    const warmUpMs = options.warmUpMs * (contender.warmUps ?? 1);
    const result = await runLoad({ port, request, status, connections, warmUpMs, measuredMs });
    return { ...result, status, memoryBytes: server.memory() };
  } finally {
    await server.end();
  }
}

async function inProcess(
  contender: Contender,
  scenario: Scenario,
  { subject, env, connections, warmUpMs, measuredMs }: MeasureOptions,
): Promise<Measured> {
  const status = statusOf(contender, scenario);
  const bytes = bytesOf(contender, scenario, { port: 80, subject });
  const [head = "", body = ""] = bytes.split("\r\n\r\n");
  const headers = head
    .split("\r\n")
    .slice(1)
    .map((line) => line.toLowerCase().split(": "));
  const request: PrismJob["request"] = {
    method: scenario.method.toLowerCase() as "post",
    url: { path: scenario.path, query: {} },
    headers: Object.fromEntries(headers),
    ...(body !== "" && { body: JSON.parse(body) }),
  };
  const job: PrismJob = { request, status, connections, warmUpMs, measuredMs };
  const module = new URL("../servers/prism-process.ts", import.meta.url);
  return { ...(await callProcess<PrismJob, PrismResult>(module, job, { env })), status };
}

function bytesOf(
  { basePath, signed }: Contender,
  { method, path, body, unsigned }: Scenario,
  { port, subject }: { port: number; subject: string },
): string {
  const sent = { method, path: `${basePath}${path}`, body: body && JSON.stringify(body(subject)) };
  return requestBytes({ ...sent, signed: signed && !unsigned }, { port, now: Date.now() });
}

async function judge(
  { port }: RunningServer,
  request: string,
  wanted: { operation: string; status: number },
): Promise<void> {
  const response = await exchangeRaw(port, request);
  if (keepsContract(response, wanted)) return;
  throw new Error(
    `should answer ${wanted.status} as the contract has it, and answered ${response.status} ${response.body}`,
  );
}

/** The status that is wanted, and where the contract describes a JSON body for it, such a body. */
function keepsContract(
  { status, body }: FirstResponse,
  wanted: { operation: string; status: number },
): boolean {
  if (status !== wanted.status) return false;
  const valid = responseBody[wanted.operation]?.[status]?.["application/json"];
  try {
    return valid?.(JSON.parse(body)) ?? true;
  } catch {
    return false;
  }
}
