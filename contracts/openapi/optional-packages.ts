import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Packages that only some parts of this one load. A consumer who mocks, calls and tests needs none of them.
 * `package.json` has them as optional peer dependencies, and the tried versions as development dependencies.
 */
const parts = {
  generate: {
    purpose: "Reading a Swagger file",
    packages: ["@stoplight/prism-http", "js-yaml", "json-p3", "openapi-typescript"],
  },
  prism: {
    purpose: "A response that is made up (Prefer: dynamic=true)",
    packages: ["@stoplight/prism-http"],
  },
  stock: {
    purpose: "Serving a contract without a gateway",
    packages: ["@stoplight/prism-cli", "@stoplight/prism-http"],
  },
  pact: {
    purpose: "Verifying pacts",
    packages: ["@pact-foundation/pact-core", "@pactflow/openapi-pact-comparator"],
  },
};

export type OptionalPart = keyof typeof parts;

/** A part was asked for whose packages are not installed. The message says how to install them. */
export class MissingPackagesError extends Error {
  readonly code = "PACKAGES_MISSING";
  readonly packages: string[];

  constructor(part: OptionalPart, packages: string[]) {
    super(
      `${parts[part].purpose} needs packages that are not installed: npm i -D --ignore-scripts ${packages.map(withVersion).join(" ")}`,
    );
    this.name = "MissingPackagesError";
    this.packages = packages;
  }
}

/** @throws {MissingPackagesError} when packages of a part are not installed. */
export function requirePackages(part: OptionalPart): void {
  const missing = missingPackages(part);
  if (missing) throw missing;
}

/** What a part lacks; `undefined` when all of its packages are installed. */
export function missingPackages(part: OptionalPart): MissingPackagesError | undefined {
  const missing = parts[part].packages.filter((name) => !isInstalled(name));
  return missing.length > 0 ? new MissingPackagesError(part, missing) : undefined;
}

/** All optional packages, and whether each is installed. */
export function optionalPackages(): {
  name: string;
  version: string;
  part: OptionalPart;
  installed: boolean;
}[] {
  const names = Object.entries(parts) as [OptionalPart, { packages: string[] }][];
  const rows = names.flatMap(([part, { packages }]) =>
    packages.map((name) => ({ name, version: versionOf(name), part, installed: isInstalled(name) })),
  );
  return rows.filter(({ name }, index) => rows.findIndex((row) => row.name === name) === index);
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch (error) {
    // A package that cannot be required is there to be imported.
    return (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND";
  }
}

function withVersion(name: string): string {
  return `${name}@${versionOf(name)}`;
}

/** The version that this package was tried with. */
function versionOf(name: string): string {
  // Two folders up from the source, three from what `npm run build` wrote.
  const up = import.meta.url.endsWith(".ts") ? "../../" : "../../../";
  const file = fileURLToPath(new URL(`${up}package.json`, import.meta.url));
  return JSON.parse(readFileSync(file, "utf8")).devDependencies[name];
}
