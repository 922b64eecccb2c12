import type { Json } from "../../../contracts/openapi/json.ts";
import type { Tokens } from "../../../contracts/openapi/pointer.ts";

/** The limit of the YAML parser, which JSON files and aliases get too. */
export const MOST_LEVELS = 100;

export const PROTO = "The key __proto__ cannot be used; JavaScript programs lose it.";

/** Values that aliases may add to those that are written: aliases of aliases multiply. */
const MOST_ALIASED = 100_000;

/**
 * A copy as plain JSON. YAML has more: shared and circular aliases, sets, bytes, not-a-number.
 * @throws what `refuse` makes of the first value that has no form in JSON.
 */
export function plainJson(
  parsed: unknown,
  refuse: (problem: { tokens: Tokens; message: string }) => Error,
): Json {
  let aliased = 0;
  const open = new Set<object>();
  const copied = new Set<object>();
  const tokens: (string | number)[] = [];
  const fail = (message: string) => refuse({ tokens: [...tokens], message });

  return copy(parsed, false);

  function copy(value: unknown, isAliased: boolean): Json {
    if (isAliased && ++aliased > MOST_ALIASED) {
      throw fail(`The aliases of the file stand for more than ${MOST_ALIASED} values.`);
    }
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (typeof value !== "object" || !(Array.isArray(value) || isPlain(value))) {
      throw fail("The value has no form in JSON.");
    }
    if (open.has(value)) throw fail("The alias contains itself.");
    if (open.size === MOST_LEVELS) throw fail(`The nesting exceeds ${MOST_LEVELS} levels.`);
    const within = isAliased || copied.has(value);
    open.add(value);
    copied.add(value);
    const result = Array.isArray(value)
      ? value.map((item, index) => copyAt(index, item, within))
      : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyAt(key, item, within)]));
    open.delete(value);
    return result;
  }

  function copyAt(key: string | number, item: unknown, isAliased: boolean): Json {
    tokens.push(key);
    if (key === "__proto__") throw fail(PROTO);
    const result = copy(item, isAliased);
    tokens.pop();
    return result;
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
