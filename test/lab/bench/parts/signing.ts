import { callProcess } from "../load/call-process.ts";
import type { SigningTimes } from "./signing-process.ts";

/** Signatures a second of this client and of other signers, for the same requests, in turns in one process. */
export function measureSigning(options: { ms: number; env: NodeJS.ProcessEnv }): Promise<SigningTimes[]> {
  const { ms, env } = options;
  return callProcess(new URL("./signing-process.ts", import.meta.url), { ms }, { env });
}
