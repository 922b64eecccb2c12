import { connect } from "node:net";

/** An answer as it stood on the wire: header names keep their case and order. */
export type ReceivedResponse = { status: number; headers: [name: string, value: string][]; body: string };

/** Sends bytes as they are over a socket of its own and reads one answer. */
export async function exchangeRaw(port: number, request: string | Buffer): Promise<ReceivedResponse> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    socket.setTimeout(60_000, () => socket.destroy(new Error("no response within 60 s")));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`closed after ${Buffer.concat(chunks).length} bytes`)));
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      const answer = parse(Buffer.concat(chunks));
      if (!answer) return;
      socket.removeAllListeners("close");
      socket.destroy();
      resolve(answer);
    });
    socket.write(request);
  });
}

function parse(bytes: Buffer): ReceivedResponse | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [statusLine, ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const length = Number(headers.find(([name]) => name.toLowerCase() === "content-length")?.[1] ?? 0);
  const body = bytes.subarray(end + 4);
  if (body.length < length) return undefined;
  if (body.length > length) throw new Error(`${body.length - length} bytes more than Content-Length says`);
  return { status: Number(statusLine!.split(" ")[1]), headers, body: body.toString() };
}
