/** How a body of a media type is written. */
export type Kind =
  | "json"
  | "xml"
  | "form"
  | "multipart"
  | "yaml"
  | "lines"
  | "events"
  | "csv"
  | "text"
  | "file"
  | "unknown";

/** @param mediaType as the contract writes it, with its parameters. */
export function kindOf(mediaType: string): Kind {
  const type = mediaType.split(";")[0]!.trim().toLowerCase();
  return kinds.find(([pattern]) => pattern.test(type))?.[1] ?? "unknown";
}

/** The first that matches counts. */
const kinds: [RegExp, Kind][] = [
  [
    /^(application|text)\/(x-ndjson|jsonl(ines)?|x-jsonl(ines)?|ndjson|json-seq|stream\+json|jsonlines)$/,
    "lines",
  ],
  [/(^|[/+.])(json|json5|hal|geojson)$/, "json"],
  [/^image\/svg\+xml$/, "file"],
  [/(^|[/+.])xml$/, "xml"],
  [/^application\/x-www-form-urlencoded$/, "form"],
  [/^multipart\//, "multipart"],
  [/(^|[/+.-])ya?ml$/, "yaml"],
  [/^text\/event-stream$/, "events"],
  [/^text\/(csv|tab-separated-values)$/, "csv"],
  [
    /^text\/|^application\/(javascript|x-javascript|ecmascript|graphql|jwt|jose|x-pem-file|sql|x-sh)$/,
    "text",
  ],
  [/^(image|audio|video|font|model)\//, "file"],
  [
    /^application\/(octet-stream|(x-)?(pdf|zip|gzip|tgz|tar|bzip2?|7z-compressed)|msword|java-archive|epub.*|vnd\.(ms-|openxmlformats|oasis).*|x-(protobuf|binary|tar|rar).*|protobuf|wasm)/,
    "file",
  ],
];

/** Whether an accepted range takes a media type, or a documented range has an accepted type. */
export function matches(range: string, type: string): boolean {
  const [one = "", other = ""] = [range, type].map((text) => text.split(";")[0]!.trim().toLowerCase());
  if (one === other || one === "*/*" || one === "*") return true;
  return one.endsWith("/*") && other.startsWith(one.slice(0, -1));
}

export function isRange(mediaType: string): boolean {
  return mediaType.split(";")[0]!.includes("*");
}

/** What a client accepts, the most wanted first. @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */
export function acceptedTypes(header: string): string[] {
  const ranges = header.split(",").flatMap((part, place) => {
    const [type = "", ...parameters] = part.split(";").map((text) => text.trim());
    const quality = parameters
      .map((text) => /^q=([\d.]+)$/i.exec(text)?.[1])
      .find((text) => text !== undefined);
    const others = parameters.filter((text) => !/^q=/i.test(text));
    const weight = quality === undefined ? 1 : Number(quality);
    return type === "" || weight === 0 ? [] : [{ type: [type, ...others].join("; "), weight, place }];
  });
  const precision = ({ type }: { type: string }) => (type.startsWith("*") ? 0 : isRange(type) ? 1 : 2);
  return ranges
    .toSorted(
      (one, other) =>
        other.weight - one.weight || precision(other) - precision(one) || one.place - other.place,
    )
    .map(({ type }) => type);
}
