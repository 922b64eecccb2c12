import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type {
  VerifierJob,
  VerifierMismatch,
  VerifierResult,
} from "../../../../contracts/verify/pact/verifier.ts";

/** Pact's own Verifier, which calls a provider and its provider states by itself. */
export type OwnVerifier = {
  /** @returns the mismatches; "unreadable" if it could not read the pact. */
  verify(
    pact: unknown,
    provider: { baseUrl: string; statesUrl: string },
  ): Promise<VerifierMismatch[] | "unreadable">;
  close(): Promise<void>;
};

/** Starts a process with Pact's native core, without its output, and serves the pacts to it. */
export async function openOwnVerifier(): Promise<OwnVerifier> {
  let served = "";
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(served);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const file = new URL("../../../../contracts/verify/pact/verifier-process.ts", import.meta.url);
  const child = fork(fileURLToPath(file), {
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { PACT_DO_NOT_TRACK: "true", LOG_LEVEL: "error" },
  });
  return {
    async verify(pact, { baseUrl, statesUrl }) {
      served = typeof pact === "string" ? pact : JSON.stringify(pact);
      const job: VerifierJob = {
        pactUrl: `http://127.0.0.1:${port}/pact.json`,
        providerBaseUrl: baseUrl,
        statesUrl,
        provider: "necid-v1",
      };
      child.send(job);
      const [result] = (await once(child, "message")) as [VerifierResult];
      return "failed" in result ? "unreadable" : result.mismatches;
    },
    async close() {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      server.closeAllConnections();
      await Promise.all([exit, once(server.close(), "close")]);
    },
  };
}
