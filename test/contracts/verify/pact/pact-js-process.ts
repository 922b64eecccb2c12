import { Verifier } from "@pact-foundation/pact";
import { stateParameters } from "../../../../mocks/necid/provider-states.ts";

/** Runs the Verifier of pact-js as a team does, with a state handler for each provider state. */
const [pact = "", baseUrl = "", statesUrl = ""] = process.argv.slice(2);

await new Verifier({
  provider: "necid-v1",
  providerBaseUrl: baseUrl,
  pactUrls: [pact],
  logLevel: "error",
  stateHandlers: Object.fromEntries(
    Object.keys(stateParameters).map((state) => [state, (params: unknown) => setUp(state, params)]),
  ),
}).verifyProvider();

async function setUp(state: string, params: unknown) {
  const response = await fetch(statesUrl, { method: "POST", body: JSON.stringify({ state, params }) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
