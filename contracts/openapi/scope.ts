import { type ServerObject, serverUrl } from "./servers.ts";

/** The region and service that requests are signed for. */
export type CredentialScope = { region: string; service: string };

/** NEC ID stands behind a name of its own, which says neither. */
export const necIdScope: CredentialScope = { region: "ap-southeast-2", service: "execute-api" };

/**
 * The scope that a host name of AWS says; `undefined` for any other.
 *
 * @example scopeOfHost("a1b2c3.execute-api.eu-west-1.amazonaws.com"); // { region: "eu-west-1", service: "execute-api" }
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 */
export function scopeOfHost(host: string): CredentialScope | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  const [, before] = /^(.+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.exec(name) ?? [];
  if (before === undefined) return undefined;
  const labels = before.split(".");
  const at = labels.findLastIndex((label) => /^[a-z]{2}(-[a-z]+)+-\d+$/.test(label));
  if (at > 0) return { region: labels[at]!, service: serviceOf(labels[at - 1]!) };
  // A service without regions is signed for as if it stood in the first one.
  return at === 0 ? undefined : { region: "us-east-1", service: serviceOf(labels.at(-1)!) };
}

/** An endpoint that a network has for itself is called after it: `execute-api.vpce-…` stands behind the same service. */
function serviceOf(label: string): string {
  return label.replace(/-fips$/, "");
}

/** The scope that one of a contract's servers says; `undefined` where none does. */
export function scopeOf({ servers = [] }: { servers?: ServerObject[] }): CredentialScope | undefined {
  for (const server of servers) {
    const url = serverUrl({ servers: [server] });
    const [, host] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(url ?? "") ?? [];
    const scope = host === undefined ? undefined : scopeOfHost(host);
    if (scope) return scope;
  }
  return undefined;
}
