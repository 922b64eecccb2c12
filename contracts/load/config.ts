/** What `necid generate` makes, kept in a project: `necid.config.ts`, `.js` or `.json`, or `necid` in `package.json`. */
export type NecidConfig = GenerateConfig | { generate: GenerateConfig | GenerateConfig[] };

/** One description and what is made of it. Paths are those of the config's folder. */
export type GenerateConfig = {
  /** Swagger 2.0 or OpenAPI 3.x, YAML or JSON. */
  spec: string;
  /** An OpenAPI Overlay that completes it. @default none */
  overlay?: string;
  /** The folder to write. @default "generated/<name of the spec>" */
  out?: string;
  /** Takes warnings for errors. @default false */
  strict?: boolean;
  /** Further folders that its references may lead into. @default [] */
  allowRefs?: string[];
  /** How large each file may be, in bytes. @default 50_000_000 */
  maxSpecSize?: number;
};
