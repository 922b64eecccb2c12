import { fileURLToPath } from "node:url";

/** The folder of this package, with a slash at its end: two levels up, or three in what `npm run build` wrote. */
export const projectFolder = fileURLToPath(
  new URL(import.meta.url.includes("/dist/") ? "../../../" : "../../", import.meta.url),
);
