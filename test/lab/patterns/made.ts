import { anyOf } from "../../../contracts/verify/report/redact.ts";
import { createTerminal } from "../../../tools/commands/reader/terminal.ts";

/**
 * What is known of the regular expressions that are made when the product runs: an example for recheck, or why the
 * text cannot make it take long.
 */
export const made: Record<string, { example: () => RegExp } | { bounded: string }> = {
  "contracts/verify/report/redact.ts": {
    example: () => new RegExp(anyOf(["https://host/v1", "reports/pact.json", "aaaaaaaaaaaab"])),
  },
  "tools/commands/reader/terminal.ts": {
    example() {
      const stream = { write: () => true, on: () => stream } as unknown as NodeJS.WriteStream;
      const { styled } = createTerminal({}, { stdout: stream, stderr: stream });
      return patternUsed(styled);
    },
  },
  "contracts/client/long-body.ts": { example: () => /"mark(\d+)"/ },
  "contracts/necid/verify/provider-states-v1.1.ts": {
    example: () => /^eventguid(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  },
  "mocks/documented/pattern-text.ts": { bounded: "it tests one character, or reads twelve" },
  "contracts/openapi/keywords.ts": {
    bounded: "it tests no text longer than its safe length, or texts of the contract without slow patterns",
  },
  "contracts/openapi/api-gateway.ts": { bounded: "it tests a status of three digits" },
  "contracts/verify/pact/faulty-rules.ts": { bounded: "it is compiled, and tests no text" },
  "contracts/verify/schema/broken-requests.ts": { bounded: "no text is longer than its safe length" },
  "contracts/trust/pattern-cost.ts": { bounded: "it tests one character" },
};

/** The expression by which a function replaces in a text or splits it. */
function patternUsed(use: (text: string) => void): RegExp {
  const used: RegExp[] = [];
  const take = (pattern: string | RegExp) => {
    if (pattern instanceof RegExp) used.push(pattern);
    return text;
  };
  const text = { replace: take, replaceAll: take, split: (pattern: RegExp) => [take(pattern), ""] };
  use(text as unknown as string);
  return used[0]!;
}
