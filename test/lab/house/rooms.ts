/** Which folders a room may import besides itself. `test/docs/architecture.test.ts` compares the page with it. */
export const mayImport: [room: string, allowed: string[]][] = [
  ["spec", []],
  ["generated", []],
  ["contracts/openapi", []],
  ["contracts/trust", []],
  ["contracts/load", ["contracts/openapi", "tools/generate"]],
  ["contracts", ["contracts/openapi", "contracts/load", "contracts/trust", "generated"]],
  ["mocks", ["contracts/openapi", "contracts/trust", "contracts/necid/faces", "generated"]],
  ["mocks/testing", ["contracts", "generated", "mocks", "tools/generate"]],
  ["tools/process", []],
  ["tools/generate", ["contracts/openapi", "contracts/trust", "tools/process"]],
  ["tools/diff", ["contracts/openapi", "contracts/trust", "tools/generate/read", "tools/process"]],
  ["tools/update", ["contracts/openapi", "tools/generate", "tools/diff", "tools/process"]],
  ["tools/commands", ["contracts", "generated", "mocks", "tools"]],
  ["examples", ["contracts", "generated", "mocks", "tools"]],
  ["test", ["spec", "contracts", "generated", "mocks", "tools", "examples"]],
];

/** Inside `mocks` a folder imports only those before it; `control` and `necid` do not import each other. */
export const mockLayers = [
  ["random"],
  ["http"],
  ["documented"],
  ["prism"],
  ["gateway"],
  ["faults"],
  ["world"],
  ["handle"],
  ["control", "necid"],
];
