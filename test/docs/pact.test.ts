import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faceRoles } from "../../contracts/necid/faces/roles.ts";
import { describeProviderStates, providerStates } from "../../contracts/necid/verify/provider-states.ts";

const page = readFileSync("docs/pact.md", "utf8");

test("the page lists every provider state with its parameters and values", () => {
  const rows = Object.entries(providerStates).map(([name, state]) => {
    const { parameters = [], required = [], valueNames = [] } = state;
    const takes = parameters.map((one) => `\`${one}${required.includes(one) ? "" : "?"}\``).join(", ");
    const gives = valueNames.map((one) => `\`${one}\``).join(", ");
    return `| \`${name}\` | ${takes} | ${gives} |`.replaceAll("  ", " ");
  });
  expect(page.split("\n").filter((line) => /^\| `(?!.*what)[a-zA-Z ]+` \|/.test(line))).toEqual(rows);
});

test("the page and the command name every image", () => {
  expect(describeProviderStates().match(/\$\{(?!(?:id|eventId|batchId)\})[\w-]+\}/g)).toEqual(
    faceRoles.map((role) => `\${${role}}`),
  );
  for (const role of faceRoles) {
    expect(page).toContain(`\${${role}}`);
  }
});
