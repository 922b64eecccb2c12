import { face } from "../../../../contracts/necid/faces/faces.ts";

/** A picture as it is sent, and what a response must say of it. */
export type Picture = {
  /** Base64. */
  image: string;
  /** Whose face it is. */
  person: string;
  /** `facePan` as the card gives it, another one for each picture; absent where the mock makes it up. */
  pan?: string;
};

/** How a picture is written: a card as text, a card as PNG, or 100 kB to 1 MB that are no card. */
export type Form = "text" | "png" | "large";

/**
 * Draws the `serial`-th picture of a run.
 *
 * @param options.size 0 to 1: how large a large one is. Its person is whoever has these bytes.
 */
export function drawPicture(options: { serial: number; person: string; form: Form; size?: number }): Picture {
  const { serial, person, form, size = 0 } = options;
  if (form === "large") {
    // Digits are Base64 too, and twelve of them begin neither a card nor a PNG.
    const stamp = String(serial).padStart(12, "0");
    const length = 100_000 + Math.trunc(size * 900_000);
    return { image: stamp + filler.slice(0, length - (length % 4)), person: `bytes ${serial}` };
  }
  const pan = panOf(serial);
  const card = `${person}?photo=${serial}&pan=${pan}`;
  const image = form === "png" ? face(card, { width: 64, height: 64 }) : textCard(card);
  return { image, person, pan };
}

/** A card as text, of any list of faces. */
export function textCard(list: string): string {
  return Buffer.from(`necid-face:${list}`).toString("base64");
}

/** No two serials have the same one, and all lie between 0 and 90 degrees. */
export function panOf(serial: number): string {
  return `${serial % 90}.${serial}`;
}

const filler = Buffer.alloc(750_000, "a large picture that is no face card ").toString("base64");
