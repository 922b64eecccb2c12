import { basePath, type OpenApi, readOperations } from "../../../contracts/openapi/operations.ts";
import { createRouter } from "../../../contracts/openapi/router.ts";
import type { PlannedCall, Signing } from "../../../contracts/verify/check.ts";
import { buildRequest, type Target } from "../../../contracts/verify/run/target.ts";
import { sendRequest } from "../../../contracts/verify/wire.ts";
import { createSignatureVerifier } from "../../../mocks/gateway/signature.ts";
import { HttpRequest } from "../../../mocks/http/request.ts";
import { type Arrival, type Gate, openGate } from "../../contracts/verify/run/gate.ts";
import type { Alter } from "../mutants/proxy.ts";

/**
 * Opens a server that answers as a mutant does. A mutant alters planned calls, so each request that arrives is read as
 * the call that somebody planned.
 */
export function serveMutant(
  alter: Alter,
  { openapi, target }: { openapi: OpenApi; target: Target },
): Promise<Gate> {
  const read = createCallReader(openapi, target);
  return openGate(target.baseUrl, {
    respond(arrival, forward) {
      const planned = read(arrival);
      return alter({
        planned,
        send: (other) =>
          other
            ? sendRequest(buildRequest({ ...planned, ...other }, { target, now: Date.now() }))
            : forward(),
      });
    },
  });
}

function createCallReader(openapi: OpenApi, target: Target): (arrival: Arrival) => PlannedCall {
  const base = basePath(openapi);
  const route = createRouter(readOperations(openapi), base);
  const verify = createSignatureVerifier({
    region: target.region,
    service: target.service,
    publicHosts: [],
    now: Date.now,
    credentials: (id) => (id === target.accessKeyId ? target : undefined),
  });

  return (arrival) => {
    const { method } = arrival;
    const path = arrival.path.slice(base.length);
    const operation = route(method, arrival.path.split("?")[0]!)?.operation.key ?? `${method} ${path || "/"}`;
    const header = (name: string) => arrival.headers.find(([known]) => known.toLowerCase() === name)?.[1];
    const signing = signingOf(arrival, header);
    const headers = arrival.headers.filter(([name, value]) => !isUsual(name.toLowerCase(), value));
    return {
      operation,
      method,
      path,
      ...(arrival.body.length > 0 && { body: bodyOf(arrival.body) }),
      ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
      ...(header("x-api-key") === target.apiKeys[1] && { application: 2 as const }),
      ...(signing && { signing }),
      purpose: "as it arrived",
    };
  };

  /** `undefined` for a good signature. */
  function signingOf(arrival: Arrival, header: (name: string) => string | undefined): Signing | undefined {
    const authorization = header("authorization") ?? "";
    if (authorization === "" || authorization.includes("made-up") || !authorization.includes("="))
      return "none";
    const [, id, , region, service] =
      /Credential=([^/]+)\/(\d+)\/([^/]+)\/([^/]+)\//.exec(authorization) ?? [];
    if (id !== target.accessKeyId) return "unknown access key";
    if (region !== target.region)
      return service === target.service ? "wrong region" : "wrong region and service";
    if (service !== target.service) return "wrong service";
    const refusal = verify(requestOf(arrival, arrival.body));
    if (refusal?.kind === "signatureExpired") return "expired";
    if (refusal?.kind === "signatureNotYetCurrent") return "future";
    if (refusal)
      return verify(requestOf(arrival, arrival.body.subarray(0, -1))) ? "wrong secret" : "tampered body";
    const key = header("x-api-key");
    if (key === undefined) return "no api key";
    return target.apiKeys.includes(key) ? undefined : "unknown api key";
  }
}

function requestOf({ method, path, headers }: Arrival, body: Buffer): HttpRequest {
  return new HttpRequest({ method, target: path, rawHeaders: headers.flat(), body });
}

function bodyOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return bytes;
  }
}

/** What every call has. Credentials that a probe makes up are part of the call. */
function isUsual(name: string, value: string): boolean {
  if (name === "content-type") return value === "application/json";
  if (name === "authorization") return value.startsWith("AWS4") && !value.includes("made-up");
  return [
    "host",
    "accept",
    "content-length",
    "x-amz-date",
    "x-amz-security-token",
    "x-api-key",
    "connection",
  ].includes(name);
}
