import { randomUUID } from "node:crypto";
import { cardImages } from "../../../contracts/necid/verify/images.ts";
import { necIdRegistering } from "../../../contracts/necid/verify/registering.ts";
import type { ImageRole, MadeCall, PlannedCall, Session } from "../../../contracts/verify/check.ts";
import { buildRequest, type Target } from "../../../contracts/verify/run/target.ts";
import { type ReceivedResponse, sendRequest } from "../../../contracts/verify/wire.ts";
import type { MockWorld } from "../../../mocks/mock.ts";

/**
 * What a broken provider does with a call: answers it itself, or sends it on (as it is, or another one in its
 * place) and gives what comes back, altered or not.
 */
export type Tamper = (
  planned: PlannedCall,
  send: (other?: PlannedCall) => Promise<ReceivedResponse>,
) => Promise<ReceivedResponse>;

export type SceneFaults = {
  tamper?: Tamper;
  /** The only pictures there are; all, where absent. */
  pictures?: ImageRole[];
  applications?: 1 | 2;
};

/** A session without budget and ledger, at a world of the mock that is healthy but for what `tamper` does. */
export function openTamperedSession(
  world: MockWorld,
  { tamper = (_, send) => send(), pictures, applications = 2 }: SceneFaults = {},
): Session & { calls: PlannedCall[] } {
  const calls: PlannedCall[] = [];
  return {
    calls,
    call,
    async register({ face, application = 1, purpose }) {
      const made = await call({ ...necIdRegistering.register(face), application, purpose });
      return { made, id: necIdRegistering.idOf(made.response) };
    },
    image: (role) => (pictures?.includes(role) === false ? undefined : cardImages(role, "test")),
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

/** A response as a provider of one's own would give it. */
export function answerOf(status: number, body?: unknown): ReceivedResponse {
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

/** The same response with another body, made of the one that came. */
export function withBody<Body>(response: ReceivedResponse, alter: (body: Body) => unknown): ReceivedResponse {
  if (response.status >= 300 || response.body.length === 0) return response;
  return { ...response, body: Buffer.from(JSON.stringify(alter(JSON.parse(response.body.toString())))) };
}
