/** A text from this number of characters on is long: it is written in pieces. */
const longest = 262_144;
/** Characters between two turns of the event loop. A piece takes 1 to 3 ms. */
const charactersATurn = 1_048_576;
const encoder = new TextEncoder();

/**
 * Writes a body with long texts as JSON, byte for byte as `JSON.stringify` does. Between the pieces of a long text other
 * work gets its turn, so that an image of several megabytes does not block the event loop.
 *
 * @returns `undefined` for a body without a long text.
 */
export async function writeLongBody(body: unknown): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!hasLongText(body)) return undefined;
  const texts: string[] = [];
  const mark = `long-text-${Math.random()}-`;
  const json = JSON.stringify(body, (_, value) =>
    isLongText(value) ? `${mark}${texts.push(value) - 1}` : value,
  );
  // Every other part is the place of a text.
  const parts = json.split(new RegExp(`"${mark}(\\d+)"`));
  let bytes = new Uint8Array(texts.reduce((sum, { length }) => sum + length, 3 * json.length));
  let end = 0;
  const write = (text: string, most: number) => {
    bytes = withRoom(bytes, end + most);
    end += encoder.encodeInto(text, bytes.subarray(end)).written;
  };
  for (const [place, part] of parts.entries()) {
    if (place % 2 === 0) {
      write(part, part.length * 3);
      continue;
    }
    write('"', 1);
    for (const piece of piecesOf(texts[Number(part)]!)) {
      const isAscii = isPlain(piece);
      const written = isAscii ? piece : JSON.stringify(piece).slice(1, -1);
      write(written, isAscii ? written.length : written.length * 3);
      await nextTurn();
    }
    write('"', 1);
  }
  return bytes.subarray(0, end);
}

/** Looks at what a body of this contract can hold: texts in objects and lists. */
function hasLongText(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null || depth > 4) return isLongText(value);
  if (ArrayBuffer.isView(value)) return false;
  return Object.values(value).some((member) => hasLongText(member, depth + 1));
}

function isLongText(value: unknown): value is string {
  return typeof value === "string" && value.length >= longest;
}

/** Pieces that end between characters, never within a surrogate pair. */
function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + charactersATurn, text.length);
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end -= 1;
    yield text.slice(at, end);
    at = end;
  }
}

/** Whether JSON writes the text as it is. Base64 is such a text. */
function isPlain(text: string): boolean {
  return /^[ !#-[\]-~]*$/.test(text);
}

function withRoom(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.length) return bytes;
  const larger = new Uint8Array(length * 2);
  larger.set(bytes);
  return larger;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
