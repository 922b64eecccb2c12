import { printable } from "./printable.ts";

/** Text that is HTML or XML already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | Part[];

/**
 * Tag for HTML and XML: everything put in is escaped, for text and attributes, unless it is markup itself.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
export function markup(pieces: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(String.raw({ raw: pieces }, ...parts.map(textOf)));
}

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join("");
  return printable(String(part)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
