import { randomUUID } from "node:crypto";
import { cardImages } from "../../../contracts/necid/verify/images.ts";
import { necIdRegistering } from "../../../contracts/necid/verify/registering.ts";
import type { ImageRole, MadeCall, PlannedCall, Session } from "../../../contracts/verify/check.ts";
import { buildRequest, type Target } from "../../../contracts/verify/run/target.ts";
import { type ReceivedResponse, sendRequest } from "../../../contracts/verify/wire.ts";
import type { MockWorld } from "../../../mocks/mock.ts";

/** How a broken provider responds to a call: by itself, or by what `send` returns for this or another call. */
export type Tamper = (
  planned: PlannedCall,
  send: (other?: PlannedCall) => Promise<ReceivedResponse>,
) => Promise<ReceivedResponse>;

export type SessionFaults = {
  tamper?: Tamper;
  /**
   * The images that it has.
   * @default all
   */
  images?: ImageRole[];
  applications?: 1 | 2;
};

/** A session without limits and ledger, at a world of the mock. Only `tamper` changes its responses. */
export function openTamperedSession(
  world: MockWorld,
  { tamper = (_, send) => send(), images, applications = 2 }: SessionFaults = {},
): Session & { calls: PlannedCall[] } {
  const calls: PlannedCall[] = [];
  return {
    calls,
    call,
    async register({ face, application = 1, purpose }) {
      const made = await call({ ...necIdRegistering.register(face), application, purpose });
      return { made, id: necIdRegistering.idOf(made.response) };
    },
    image: (role) => (images?.includes(role) === false ? undefined : cardImages(role, "test")),
    applications,
    planning: false,
  };

  async function call(planned: PlannedCall): Promise<MadeCall> {
    calls.push(planned);
    const request = requestOf(planned);
    const response = await tamper(planned, (other = planned) => sendRequest(requestOf(other)));
    return { planned, request, response, ms: 0 };
  }

  function requestOf(planned: PlannedCall) {
    return buildRequest(planned, { target: targetOf(world), now: world.clock.now() });
  }
}

/** The credentials of a world as a target. */
function targetOf({ url, credentials, apiKeys }: MockWorld): Target {
  return {
    baseUrl: url,
    ...credentials,
    apiKeys: [apiKeys[0]!, apiKeys[1]],
    region: "ap-southeast-2",
    service: "execute-api",
  };
}

/** A response of a broken provider. */
export function responseOf(status: number, body?: unknown): ReceivedResponse {
  const text = body === undefined ? "" : JSON.stringify(body);
  return {
    status,
    headers: [
      ["content-type", "application/json"],
      ["x-amzn-requestid", randomUUID()],
    ],
    body: Buffer.from(text),
  };
}

/** The same response with an altered body. */
export function withBody<Body>(response: ReceivedResponse, alter: (body: Body) => unknown): ReceivedResponse {
  if (response.status >= 300 || response.body.length === 0) return response;
  return { ...response, body: Buffer.from(JSON.stringify(alter(JSON.parse(response.body.toString())))) };
}
