import { startMock } from "../../../../mocks/mock.ts";
import { exchangeRaw } from "../../../raw-http.ts";
import { requestBytes } from "../load/request-bytes.ts";
import { register, type Scenario } from "../load/scenarios.ts";

/** What every server that has no responses of its own gives. */
type RecordedResponse = { status: number; headers: Record<string, string>; body: string };

/** By scenario; `subject` is the id that the responses speak of. */
export type RecordedResponses = { subject: string; responses: Record<string, RecordedResponse> };

/**
 * Asks the mock once for each scenario, so that bare `node:http`, WireMock and Mockoon answer with the same
 * status and as many bytes as it does.
 *
 * @throws {Error} when the mock answers with another status than the scenario says.
 */
export async function recordResponses(scenarios: readonly Scenario[]): Promise<RecordedResponses> {
  const mock = await startMock();
  const ask = async ({ name, method, path, body, unsigned, status }: Scenario, id: string) => {
    const sent = { method, path: `/v1${path}`, body: body && JSON.stringify(body(id)), signed: !unsigned };
    const response = await exchangeRaw(mock.port, requestBytes(sent, { port: mock.port, now: Date.now() }));
    if (response.status !== status) {
      throw new Error(
        `The mock should answer ${name} with ${status}, and answered ${response.status}: ${response.body}`,
      );
    }
    return { status, headers: ownHeaders(response.headers), body: response.body };
  };
  try {
    const registered = await ask(register, "");
    const subject = (JSON.parse(registered.body) as { id: string }).id;
    const responses: Record<string, RecordedResponse> = { [register.name]: registered };
    for (const scenario of scenarios) responses[scenario.name] ??= await ask(scenario, subject);
    return { subject, responses };
  } finally {
    await mock.close();
  }
}

/** Without those that each server writes itself. */
function ownHeaders(headers: [name: string, value: string][]): Record<string, string> {
  return Object.fromEntries(
    headers.filter(([name]) => !/^(connection|keep-alive|date|content-length)$/i.test(name)),
  );
}
