import type { SentRequest } from "./wire.ts";

/** A text from an answer, with names for the keys, tokens and signatures of the request that it repeats. */
export function withoutSecrets(text: string, request: SentRequest): string {
  return secretsOf(request).reduce(
    (rest, [name, value]) =>
      rest.replaceAll(value, `[${name}]`).replaceAll(JSON.stringify(value).slice(1, -1), `[${name}]`),
    text,
  );
}

const secretHeaders = ["authorization", "x-api-key", "x-amz-security-token"];

function secretsOf({ headers }: SentRequest): [name: string, value: string][] {
  const secrets = headers.filter(([name]) => secretHeaders.includes(name.toLowerCase()));
  const [, accessKey, signature] =
    /Credential=([^/]+)\/.*Signature=(\w+)/.exec(secrets.map(([, value]) => value).join(" ")) ?? [];
  return [...secrets, ["access key", accessKey ?? ""], ["signature", signature ?? ""]].filter(
    (secret): secret is [string, string] => secret[1] !== "",
  );
}
