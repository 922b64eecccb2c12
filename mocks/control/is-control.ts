import type { RawRequest } from "../http/exchange.ts";
import { splitTarget } from "../http/question.ts";

/** What every control call stands below, and no base path does. */
export const controlRoot = "/__necid";

/** Whether a request is a control call. */
export function isControl({ target }: RawRequest): boolean {
  if (!target.includes(controlRoot)) return false;
  const { path } = splitTarget(target);
  return path === controlRoot || path.startsWith(`${controlRoot}/`);
}
