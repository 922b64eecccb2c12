import { isObject } from "../../contracts/openapi/json.ts";
import { methods } from "../../contracts/openapi/operations.ts";
import { formatPointer } from "../../contracts/openapi/pointer.ts";
import type { SpecDocument } from "../generate/read/document.ts";
import type { Problem } from "../generate/read/problem.ts";

/**
 * What a vendor should mend in a description although it can be read: operations without an operationId, and
 * operationIds that are only the name of a method.
 */
export function vendorFaults({ file, value, locate }: SpecDocument): Problem[] {
  const paths = isObject(value.paths) ? Object.entries(value.paths) : [];
  return paths.flatMap(([path, item]) =>
    methods.flatMap((method): Problem[] => {
      const operation = isObject(item) ? item[method] : undefined;
      if (!isObject(operation)) return [];
      const name = `${method.toUpperCase()} ${path}`;
      const { operationId: id } = operation;
      if (typeof id !== "string") {
        const place = locate(formatPointer(["paths", path, method]), "key");
        return [{ file, ...place, message: `${name} has no operationId.`, severity: "warning" }];
      }
      if (!(methods as readonly string[]).includes(id.toLowerCase())) return [];
      const place = locate(formatPointer(["paths", path, method, "operationId"]));
      const message = `The operationId ${id} of ${name} is only the name of a method.`;
      return [{ file, ...place, message, severity: "warning" }];
    }),
  );
}
