// Lists what a consumer installs with its licences: `npm run licences`. With --optional also the optional packages and
// what these bring. Exits with 1 when one is not permissive.
import { installedFor, type Lock, type Manifest, permissive, readJson } from "./packages.ts";

const { dependencies = {}, peerDependencies = {} } = readJson<Manifest>("package.json");
const names = [
  ...Object.keys(dependencies),
  ...(process.argv.includes("--optional") ? Object.keys(peerDependencies) : []),
];
const installed = installedFor(names, readJson<Lock>("package-lock.json"));
const rows = installed.map((each) => ({ ...each, license: each.license ?? olderLicence(each.path) }));
for (const { path, version, license } of rows) {
  console.log(`${license.padEnd(14)} ${path.slice(path.lastIndexOf("node_modules/") + 13)} ${version}`);
}
const others = rows.filter(({ license }) => !permissive.has(license));
console.log(`${rows.length} packages, ${others.length} not permissive`);
process.exitCode = others.length > 0 ? 1 : 0;

/** Old packages have a list, which the lock file leaves out. */
function olderLicence(path: string): string {
  const { licenses = [] } = readJson<{ licenses?: { type: string }[] }>(`${path}/package.json`);
  return licenses.map(({ type }) => type).join(" OR ") || "unknown";
}
