import { AwsClient } from "aws4fetch";
import {
  createClient,
  encodeImage,
  isStatus,
  type NecIdClientOptions,
} from "../../../contracts/necid/client.ts";

// The script of a page. A test bundles it, and a browser runs it. It posts what it saw to its own server.

type Options = NecIdClientOptions & { baseUrl: string; apiKey: string };

async function visit(options: Options, images: { alice: string; bob: string }) {
  const client = createClient({ ...options, retries: 0 });
  const bytes = Uint8Array.from(atob(images.alice), (char) => char.charCodeAt(0));
  const face = await encodeImage(new File([bytes], "alice.jpg"));

  const registered = await client.operations.ApiSubjectsPost({ body: { face } });
  const id = registered.data?.id ?? "none";
  const verified = await client.POST("/face/verify", { body: { id, probe: images.alice } });
  const stranger = await client.POST("/face/verify", { body: { id, probe: images.bob } });
  const invalid = await client.operations.ApiSubjectsPost({ body: {} as { face: string } });
  const wrong = createClient({ ...options, secretAccessKey: "wrong", retries: 0 });
  const refused = await wrong.operations.ApiSubjectsPost({ body: { face } });

  const { accessKeyId, secretAccessKey } = options;
  const other = new AwsClient({
    accessKeyId,
    secretAccessKey,
    service: "execute-api",
    region: "ap-southeast-2",
  });
  const found = await other.fetch(`${options.baseUrl}/face/search`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": options.apiKey },
    body: JSON.stringify({ probe: images.alice }),
  });
  const deleted = await client.operations.ApiSubjectsByIdDelete({ params: { path: { id } } });
  return {
    encoded: face === images.alice,
    registered: registered.response.status,
    verified: verified.response.status,
    stranger: stranger.response.status,
    invalid: isStatus(invalid, 400) ? invalid.error.errorCode : invalid.response.status,
    refused: [refused.response.status, JSON.stringify(refused.error).slice(0, 66)],
    found: [found.status, (await found.json()).candidates?.length],
    deleted: deleted.response.status,
  };
}

const { options, images } = await (await fetch("/options")).json();
const saw = await visit(options, images).catch((error: unknown) => ({ failed: String(error) }));
await fetch("/saw", { method: "POST", body: JSON.stringify(saw) });
