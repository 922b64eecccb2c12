import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a Pact Broker was asked. */
export type Asked = { method: string; path: string; authorization: string | undefined; body: unknown };

/**
 * A Pact Broker that holds pacts of one provider, with the links that a real one gives, and writes down
 * what it is asked.
 */
export async function startFakeBroker({
  pacts,
  authorization,
}: {
  pacts: { document: object; pending?: boolean }[];
  /** The header without which it answers 401. */
  authorization?: string;
}): Promise<{ url: string; asked: Asked[]; close: () => Promise<unknown> }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    asked.push({
      method: request.method!,
      path: request.url!,
      authorization: request.headers.authorization,
      body: text === "" ? undefined : JSON.parse(text),
    });
    const refused = authorization !== undefined && request.headers.authorization !== authorization;
    const answer = refused ? undefined : answers()[`${request.method} ${request.url}`];
    response.writeHead(refused ? 401 : answer ? 200 : 404, { "content-type": "application/hal+json" });
    response.end(answer && JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    close() {
      server.closeAllConnections();
      return once(server.close(), "close");
    },
  };

  function answers(): Record<string, object> {
    const href = (path: string) => ({ href: `${url}${path}` });
    const listed = pacts.map(({ pending = false }, index) => ({
      shortDescription: "latest",
      verificationProperties: { pending, notices: [] },
      _links: { self: href(`/pacts/${index}`) },
    }));
    const documents = pacts.map(({ document }, index) => [
      `GET /pacts/${index}`,
      {
        ...document,
        _links: {
          "pb:provider": href("/pacticipants/necid"),
          "pb:publish-verification-results": href(`/pacts/${index}/results`),
        },
      },
    ]);
    return {
      "GET /": {
        _links: {
          "pb:provider-pacts-for-verification": {
            href: `${url}/pacts/provider/{provider}/for-verification`,
            templated: true,
          },
        },
      },
      "POST /pacts/provider/NEC%20ID/for-verification": { _embedded: { pacts: listed } },
      "GET /pacticipants/necid": {
        _links: { "pb:branch-version": href("/pacticipants/necid/branches/{branch}/versions/{version}") },
      },
      "PUT /pacticipants/necid/branches/feat%2Fx/versions/1.2.3": {},
      ...Object.fromEntries(documents),
      ...Object.fromEntries(pacts.map((_, index) => [`POST /pacts/${index}/results`, {}])),
    };
  }
}
