import { readFileSync } from "node:fs";

/** What `package.json` says of what is installed with it. */
export type Manifest = {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  bundleDependencies?: string[] | boolean;
  bundledDependencies?: string[] | boolean;
};

/** A package of a lock file. */
type LockedPackage = Manifest & {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  hasInstallScript?: boolean;
  link?: boolean;
  name?: string;
};

export type Lock = { packages: Record<string, LockedPackage> };

/** An installed package: its place in the lock file and what that says of it. */
export type Installed = LockedPackage & { path: string };

/** Reads a JSON file of the project. */
export function readJson<Content>(file: string): Content {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What npm installs for some names, with all that these bring along: peers only of those that are asked for. */
export function installedFor(names: string[], { packages }: Lock): Installed[] {
  const found = new Map<string, Installed>();
  const open = names.map((name) => ({ name, from: "" }));
  while (open.length > 0) {
    const { name, from } = open.pop()!;
    const path = placeOf(name, from, packages);
    if (path === undefined || found.has(path)) continue;
    const locked = packages[path]!;
    found.set(path, { ...locked, path });
    const needed = { ...locked.dependencies, ...locked.optionalDependencies };
    for (const each of Object.keys(needed)) open.push({ name: each, from: path });
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The nearest `node_modules` above a package that has another one. */
function placeOf(name: string, from: string, packages: Lock["packages"]): string | undefined {
  for (let above = from; ; above = above.slice(0, Math.max(0, above.lastIndexOf("/node_modules/")))) {
    const path = `${above === "" ? "" : `${above}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (above === "") return undefined;
    if (!above.includes("/node_modules/")) above = "";
  }
}

/** Licences under which a package may be used in a product without more than a notice. */
export const permissive = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "PSF-2.0",
  "Python-2.0",
  "(MIT OR CC0-1.0)",
]);

/** What is wrong with what a consumer gets, one sentence each. */
export function faultsOf(manifest: Manifest, lock: Lock): string[] {
  const scripts = ["preinstall", "install", "postinstall"].filter((name) => manifest.scripts?.[name]);
  // npm installs these with the package: all but the peers that it may leave out.
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
    (name) => !manifest.peerDependenciesMeta?.[name]?.optional,
  );
  const also = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const ranges = Object.entries(also).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  const missing = Object.keys(also).filter((name) => !lock.packages[`node_modules/${name}`]);
  const installed = installedFor(Object.keys(also), lock);
  const bundled = [manifest.bundleDependencies ?? manifest.bundledDependencies ?? []].flat();
  return [
    ...peers.map((name) => `${name} is a peer that npm installs.`),
    ...(bundled.length > 0 && bundled[0] !== false
      ? ["The package brings other packages in its own file."]
      : []),
    ...scripts.map((name) => `The package has the script ${name}.`),
    ...ranges.map(([name, version]) => `${name} has no exact version, but ${version}.`),
    ...missing.map((name) => `${name} is not in the lock file.`),
    ...installed.flatMap(packageFaults),
  ];
}

/** Without an address a package comes from the registry. */
function packageFaults({
  path,
  hasInstallScript,
  resolved,
  integrity = "",
  license,
  link,
  name,
}: Installed): string[] {
  const own = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const faults: [isFault: boolean, what: string][] = [
    [hasInstallScript === true, "has an install script"],
    [link === true, "is a link"],
    [name !== undefined && name !== own, `is another package, ${name}`],
    [
      // With the name alone after it: `..` leads to another package.
      resolved !== undefined && resolved.replace(/[^/]*$/, "") !== `https://registry.npmjs.org/${own}/-/`,
      "does not come from the registry",
    ],
    [!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity), "has no SHA-512"],
    [license === undefined || !permissive.has(license), `has the licence ${license ?? "unknown"}`],
  ];
  return faults.filter(([isFault]) => isFault).map(([, what]) => `${own} ${what}.`);
}
