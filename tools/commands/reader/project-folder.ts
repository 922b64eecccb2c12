import { fileURLToPath } from "node:url";

/** The folder of this package, with a slash at its end: three levels up, or four in what `npm run build` wrote. */
export const projectFolder = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../../" : "../../../../", import.meta.url),
);
