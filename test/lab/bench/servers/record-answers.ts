import { startMock } from "../../../../mocks/mock.ts";
import { exchangeRaw } from "../../../raw-http.ts";
import { requestBytes } from "../load/request-bytes.ts";
import { register, type Scenario } from "../load/scenarios.ts";

/** What every server that cannot think of an answer itself is told to give. */
export type RecordedAnswer = { status: number; headers: Record<string, string>; body: string };

/** By scenario; `subject` is the id that the answers speak of. */
export type RecordedAnswers = { subject: string; answers: Record<string, RecordedAnswer> };

/**
 * Asks the mock once for each scenario, so that bare `node:http`, WireMock and Mockoon answer with the same
 * status and as many bytes as it does.
 *
 * @throws {Error} when the mock answers with another status than the scenario says.
 */
export async function recordAnswers(scenarios: readonly Scenario[]): Promise<RecordedAnswers> {
  const mock = await startMock();
  const ask = async ({ name, method, path, body, unsigned, status }: Scenario, id: string) => {
    const sent = { method, path: `/v1${path}`, body: body && JSON.stringify(body(id)), signed: !unsigned };
    const answer = await exchangeRaw(mock.port, requestBytes(sent, { port: mock.port, now: Date.now() }));
    if (answer.status !== status) {
      throw new Error(
        `The mock should answer ${name} with ${status}, and answered ${answer.status}: ${answer.body}`,
      );
    }
    return { status, headers: ownHeaders(answer.headers), body: answer.body };
  };
  try {
    const registered = await ask(register, "");
    const subject = (JSON.parse(registered.body) as { id: string }).id;
    const answers: Record<string, RecordedAnswer> = { [register.name]: registered };
    for (const scenario of scenarios) answers[scenario.name] ??= await ask(scenario, subject);
    return { subject, answers };
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
