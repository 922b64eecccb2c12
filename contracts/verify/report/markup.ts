import { printable } from "../../trust/printable.ts";

/** Text that is already HTML or XML. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Markup | string | number | undefined | Content[];

/**
 * Template tag for HTML and XML: escapes every value, for text and attributes, unless it is markup itself.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
export function markup(pieces: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(String.raw({ raw: pieces }, ...values.map(textOf)));
}

function textOf(value: Content): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(textOf).join("");
  return printable(String(value)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
