// For Jest's CommonJS, whose `require` loads no ES modules. Node's own does, and the main context has it.
const { getBuiltinModule } = require("node:vm").runInThisContext("process");
module.exports = getBuiltinModule("node:module").createRequire(__filename)(
  "../../../dist/mocks/testing/vitest-reporter.js",
);
