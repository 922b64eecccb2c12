import { loadContract } from "../../../contracts/necid/contract.ts";
import type { Part } from "../../../contracts/verify/check.ts";
import { closing, envOf, openMock, verify } from "../../contracts/verify/verifying.ts";
import { mutants } from "../mutants/mutants.ts";
import { paste, printedCommands } from "./paste.ts";
import { serveMutant } from "./serve-mutant.ts";

/**
 * Verifies a mutant, and pastes the first command for its operation that the report prints into a shell: at the mutant
 * and at the mock behind it, which keeps the contract.
 *
 * @returns what the command prints at each, and who is registered after it.
 */
export async function pasteMutant(
  id: string,
  part: Part,
): Promise<{ line: string; shown: string; otherwise: string; left: string[] }> {
  const mutant = mutants.find((each) => each.id === id)!;
  const mock = await openMock({ seed: "mutants", subjects: {} });
  const target = {
    ...mock.credentials,
    baseUrl: mock.url,
    apiKeys: [mock.apiKeys[0]!, mock.apiKeys[1]] as [string, string],
    region: "ap-southeast-2",
    service: "execute-api",
  };
  const { openapi } = await loadContract();
  const gate = closing(await serveMutant(mutant.open(), { openapi, target }));
  const { stdout, stderr } = await verify(gate.url, envOf(mock), { part: [part] });
  const lines = printedCommands(stdout);
  const line = lines.find((each) => each.includes(` ${mutant.operation} `)) ?? lines[0];
  if (line === undefined) throw new Error(`${id} was not found by the part ${part}: ${stdout}${stderr}`);
  const [shown, otherwise] = await Promise.all([
    paste(line, envOf(mock)),
    paste(line.replaceAll(gate.url, mock.url), envOf(mock)),
  ]);
  return { line, shown, otherwise, left: await mock.ids() };
}
