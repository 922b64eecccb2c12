import { readOperations } from "../../../contracts/openapi/operations.ts";
import { createControl } from "../../../mocks/control/control.ts";
import { HttpRequest } from "../../../mocks/http/request.ts";
import { loadNecIdContract } from "../../../mocks/necid/contract.ts";
import { contractResponses } from "../../../mocks/world/coverage.ts";
import { mockApiKeys, mockCredentials } from "../../../mocks/world/credentials.ts";
import { imageProperties } from "../../../mocks/world/redact.ts";
import { createWorlds } from "../../../mocks/world/worlds.ts";

export const began = Date.parse("2026-11-23T03:00:00Z");

type Sent = {
  body?: unknown;
  /** Sent as it is, instead of a body in JSON. */
  bytes?: string | Buffer;
  headers?: Record<string, string>;
  fromLoopback?: boolean;
};
export type Received = { status: number; headers: Record<string, string>; body: unknown };

/** A control API over real worlds, without a socket. */
export async function openControlRoom(
  given: {
    token?: string;
    stateless?: boolean;
    stateFile?: { changed(): void; flush(): Promise<unknown> };
  } = {},
) {
  const { name, openapi, service } = await loadNecIdContract();
  const operations = readOperations(openapi);
  const worlds = createWorlds({
    seed: "control",
    credentials: mockCredentials,
    apiKeys: mockApiKeys,
    operations,
    documented: () => contractResponses(openapi),
    images: imageProperties(openapi),
    service: given.stateless ? undefined : service,
    realTime: () => began,
  });
  const { token, stateFile } = given;
  const url = () => "http://127.0.0.1:4010/v1";
  const control = createControl({ worlds, contractName: name, openapi, token, stateFile, url });

  return {
    worlds,
    operations,
    control,
    /** `call` is like `GET /clock`, below `/__necid`. */
    async send(call: string, { body, bytes, headers, fromLoopback }: Sent = {}): Promise<Received> {
      const [method, path] = call.split(" ") as [string, string];
      const rawHeaders = Object.entries({ host: "127.0.0.1:4010", ...headers }).flat();
      const sent = bytes ?? (body === undefined ? "" : JSON.stringify(body));
      const request = new HttpRequest({
        method,
        target: `/__necid${path}`,
        rawHeaders,
        body: Buffer.from(sent),
        fromLoopback,
      });
      const response = (await control(request))!;
      const received = response.body === undefined ? undefined : JSON.parse(String(response.body));
      return { status: response.status, headers: response.headers, body: received };
    },
  };
}
