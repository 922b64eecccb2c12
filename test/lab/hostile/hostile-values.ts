import { createHash } from "node:crypto";
import { createRandom } from "../../../mocks/random/random.ts";
import { mockApiKeys } from "../../../mocks/world/credentials.ts";
import { signByHand, wire } from "../../sign-by-hand.ts";
import type { HostileValues, Signed, SignedRequest } from "./hostile-case.ts";

/** The random numbers and signed requests of one attack; the same seed makes the same attack. */
export function createHostileValues(seed: string, port: number): HostileValues {
  const random = createRandom(seed);
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  return {
    random,
    between,
    pick: (list) => list[between(0, list.length - 1)]!,
    bytes: (length) => {
      const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => random() * 0x1_0000_0000);
      return Buffer.from(words.buffer).subarray(0, length);
    },
    signed: (request) => signed(request, port),
  };
}

/** Signs by the letter of the standard, any bytes, and leaves it to the caller how they travel. */
export function signed(request: SignedRequest, port: number): Signed {
  const { method = "POST", path = "/subjects", headers = [], unframed = false } = request;
  const body = Buffer.from(request.body ?? "");
  const typed = headers.some(([name]) => name === "Content-Type");
  const length: [string, string][] = unframed ? [] : [["Content-Length", String(body.length)]];
  const beside: [string, string][] = [
    ["Host", `127.0.0.1:${port}`],
    ["x-api-key", mockApiKeys[0]!],
    ...(typed ? [] : ([["Content-Type", "application/json"]] as [string, string][])),
  ];
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const payload = createHash("sha256").update(body).digest("hex");
  const target = `/v1${path}`;
  // A query that cannot be decoded cannot be signed either: it goes out with a wrong signature.
  const believed = isDecodable(target) ? { payload } : { payload, query: "" };
  const { authorization } = signByHand({ method, target, headers: beside, date, believed });
  const head = wire({
    method,
    target,
    headers: [...beside, ...headers, ["X-Amz-Date", date], ["Authorization", authorization], ...length],
  });
  return { head, body };
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== "";
  } catch {
    return false;
  }
}
