/** What a test author asks of the mock in a `Prefer` header, instead of the default response. */
export type Preference = {
  code?: number;
  /** A code that is no status of a final response, as it was written. */
  unknownCode?: string;
  example?: string;
  dynamic?: boolean;
  /** A value of `dynamic` that is neither true nor false, as it was written. */
  unknownDynamic?: string;
  seed?: string;
};

/**
 * Reads `Prefer: code=404`, `example=NoFace`, `dynamic=true`, `seed=7`, separated by commas or
 * semicolons, in any order; of one that is there twice the first counts. What it does not know, it leaves to
 * others.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7240#section-2
 */
export function parsePreference(header: string | undefined): Preference {
  if (!header) return none;
  const preference: Preference = {};
  for (const part of header.split(/[,;]/)) {
    const [name = "", ...rest] = part.split("=");
    const value = rest
      .join("=")
      .trim()
      .replace(/^"(.*)"$/, "$1");
    readers[name.trim().toLowerCase()]?.(preference, value);
  }
  return preference;
}

const none: Preference = Object.freeze({});

const readers: Record<string, (preference: Preference, value: string) => void> = {
  code: (preference, value) => {
    if (preference.code !== undefined || preference.unknownCode !== undefined) return;
    if (/^[2-5]\d\d$/.test(value)) preference.code = Number(value);
    else preference.unknownCode = value;
  },
  example: (preference, value) => {
    preference.example ??= value;
  },
  dynamic: (preference, value) => {
    if (preference.dynamic !== undefined || preference.unknownDynamic !== undefined) return;
    const wanted = booleans.get(value.toLowerCase());
    if (wanted === undefined) preference.unknownDynamic = value;
    else preference.dynamic = wanted;
  },
  seed: (preference, value) => {
    if (value !== "") preference.seed ??= value;
  },
};

const booleans = new Map([
  ["", true],
  ["true", true],
  ["false", false],
]);
