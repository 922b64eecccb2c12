/** A text, or why there is none: it fits behind the name of who was asked. */
export type FetchedText = { text: string } | { problem: string; status?: number };

/**
 * Fetches a text to its last byte, within a time and a size: whoever answers may never end, or send a few bytes that
 * stand for gigabytes.
 *
 * @param options.timeoutMs for the whole response. @default 30_000
 * @param options.maxBytes of the decoded body. @default 33_554_432
 */
export async function fetchText(
  url: string | URL,
  {
    fetch = globalThis.fetch,
    timeoutMs = 30_000,
    maxBytes = 32 * 1024 * 1024,
    ...request
  }: RequestInit & { fetch?: typeof globalThis.fetch; timeoutMs?: number; maxBytes?: number } = {},
): Promise<FetchedText> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { ...request, signal });
    if (!response.ok) {
      await response.body?.cancel();
      return { problem: `answers ${response.status}`, status: response.status };
    }
    const reader = response.body?.getReader();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { value } = (await reader?.read()) ?? {};
      if (value === undefined) return { text: Buffer.concat(chunks).toString() };
      chunks.push(value);
      size += value.length;
      if (size <= maxBytes) continue;
      await reader?.cancel();
      return { problem: `answers with more than ${maxBytes} bytes` };
    }
  } catch {
    return { problem: signal.aborted ? `does not answer within ${timeoutMs / 1000} s` : "cannot be reached" };
  }
}
