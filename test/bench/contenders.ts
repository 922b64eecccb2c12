import { createRequire } from "node:module";

export type Contender = {
  name: string;
  /** Arguments of `node`, run in the project's root. */
  args(port: number): string[];
  /** Where its POST /subjects stands: Prism leaves out the base path. */
  path: string;
};

const prism = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");
const prismMock = (port: number) => [prism, "mock", "generated/necid-v1/openapi.json", "-p", String(port)];

/** Whom the ratios refer to. */
export const bare = "bare node:http";
export const stockPrism = "Prism CLI";

/**
 * Who is measured. Prism twice, because it logs each request unless told otherwise, which takes it a third of its speed,
 * while the mock runs `--quiet` here.
 */
export const contenders: Contender[] = [
  { name: bare, path: "/v1/subjects", args: (port) => ["test/bench/bare.ts", String(port)] },
  {
    name: "mock, signed, strict",
    path: "/v1/subjects",
    args: (port) => ["tools/necid.ts", "mock", "--port", String(port), "--quiet"],
  },
  { name: stockPrism, path: "/subjects", args: prismMock },
  {
    name: "Prism CLI, silent",
    path: "/subjects",
    args: (port) => [...prismMock(port), "--verboseLevel", "silent"],
  },
];
