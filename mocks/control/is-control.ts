import type { HttpRequest } from "../http/request.ts";

/** What every control call stands below, and no base path does. */
export const controlRoot = "/__necid";

/** Whether a request is a control call. */
export function isControl({ target, path }: HttpRequest): boolean {
  if (!target.includes(controlRoot)) return false;
  return path === controlRoot || path.startsWith(`${controlRoot}/`);
}
