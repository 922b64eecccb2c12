/** Keeps texts and bytes for as long as nothing is written over them. */
export type Tape = {
  /** Writes over what the place held. */
  write(place: number, parts: readonly (string | Buffer)[]): void;
  /** Copies of the parts, in their order; text is UTF-8. */
  read(place: number): Buffer[];
  clear(): void;
};

/**
 * Makes a tape. What a thousand calls leave behind would be moved about by the garbage collector again and
 * again, as strings and objects, and that is what the slowest of a hundred answers waits for; here it is
 * copied once, into memory that is used again.
 */
export function createTape(): Tape {
  let places: { bytes: Buffer; ends: number[] }[] = [];
  return {
    write(place, parts) {
      const size = sizeOf(parts);
      const { bytes, ends } = roomFor(place, size);
      let end = 0;
      ends.length = 0;
      for (const part of parts) {
        end += typeof part === "string" ? bytes.write(part, end) : part.copy(bytes, end);
        ends.push(end);
      }
    },
    read(place) {
      const { bytes, ends } = places[place]!;
      return ends.map((end, index) => Buffer.from(bytes.subarray(index === 0 ? 0 : ends[index - 1], end)));
    },
    clear() {
      places = [];
    },
  };

  /** What was there is used again, unless it is too small, or much too large. */
  function roomFor(place: number, size: number): { bytes: Buffer; ends: number[] } {
    const known = places[place];
    const fits = known && known.bytes.length >= size && known.bytes.length <= Math.max(usual, 4 * size);
    if (fits) return known;
    const room = { bytes: Buffer.allocUnsafeSlow(Math.max(usual, size)), ends: [] };
    places[place] = room;
    return room;
  }
}

/** In bytes; most calls fit. */
const usual = 2_048;

function sizeOf(parts: readonly (string | Buffer)[]): number {
  let size = 0;
  for (const part of parts) size += Buffer.byteLength(part);
  return size;
}
