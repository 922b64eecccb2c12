/** Writes each changeset as it is: one package, so no list of updated dependencies, and no commit hashes. */
module.exports = {
  getReleaseLine: async ({ summary }) => `- ${summary.trim().replaceAll("\n", "\n  ")}`,
  getDependencyReleaseLine: async () => "",
};
