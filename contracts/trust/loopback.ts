/**
 * Whether a host name of a URL or of a Host header is this machine: `localhost`, a name below it, or a loopback address
 * in full form. Nobody can register a name below `localhost`. A name with a dot at its end is not taken.
 *
 * @param hostname in lower case, without a port; IPv6 in brackets.
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
export function isLoopbackHost(hostname: string): boolean {
  const labels = hostname.split(".");
  if (hostname === "[::1]" || hostname === "localhost") return true;
  if (labels.at(-1) === "localhost") {
    return labels.length <= 9 && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
  }
  return labels.length === 4 && labels[0] === "127" && labels.every(isOctet);
}

/** Whether nobody between this machine and a service can read a request: https, or a host that is this machine. */
export function isSecure({ protocol, hostname }: Pick<URL, "protocol" | "hostname">): boolean {
  return protocol === "https:" || isLoopbackHost(hostname);
}

/** Whether the address of a socket is this machine. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address === "::1" || isLoopbackHost(address?.replace("::ffff:", "") ?? "");
}

function isOctet(label: string): boolean {
  return /^(0|[1-9]\d{0,2})$/.test(label) && Number(label) <= 255;
}
