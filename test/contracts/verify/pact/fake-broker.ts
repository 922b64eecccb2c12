import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the broker received. */
export type BrokerRequest = {
  method: string;
  path: string;
  authorization: string | undefined;
  body: unknown;
};

/** A Pact Broker with pacts of one provider and the links of a real one, which records the requests. */
export async function startFakeBroker({
  pacts,
  authorization,
}: {
  pacts: { document: object; pending?: boolean }[];
  /** The Authorization header that it demands. */
  authorization?: string;
}): Promise<{ url: string; requests: BrokerRequest[]; close: () => Promise<unknown> }> {
  const requests: BrokerRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    requests.push({
      method: request.method!,
      path: request.url!,
      authorization: request.headers.authorization,
      body: text === "" ? undefined : JSON.parse(text),
    });
    const refused = authorization !== undefined && request.headers.authorization !== authorization;
    const found = refused ? undefined : responses()[`${request.method} ${request.url}`];
    response.writeHead(refused ? 401 : found ? 200 : 404, { "content-type": "application/hal+json" });
    response.end(found && JSON.stringify(found));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    close() {
      server.closeAllConnections();
      return once(server.close(), "close");
    },
  };

  function responses(): Record<string, object> {
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
          "pb:publish-contracts": href("/contracts/publish"),
        },
      },
      "POST /contracts/publish": { notices: [{ type: "success", text: "Created team version 1.2.3" }, {}] },
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
