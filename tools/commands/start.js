// Starts the command line from its source. It is JavaScript so that a Node that runs no TypeScript can say so.
if (process.features.typescript) {
  await import("./necid.ts");
} else {
  process.stderr.write(
    `This is Node ${process.versions.node}, which does not run TypeScript. \`npm ci\` brings a Node that does, by the ` +
      "install script of the package `node`: run `npm ci` without --ignore-scripts, or `npm rebuild node`.\n",
  );
  process.exitCode = 2;
}
