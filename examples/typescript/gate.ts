import { createClient, encodeImage, isStatus, type NecIdClient } from "necid-contract-kit/client";

/** An application of its own: who stands at the gate? */
export async function whoIsThere(client: NecIdClient, photo: Blob): Promise<string> {
  const result = await client.POST("/face/search", { body: { probe: await encodeImage(photo) } });
  if (isStatus(result, 400)) return `a bad picture (${result.error.errorCode})`;
  return result.data?.candidates[0]?.id ?? "nobody we know";
}

export const client = createClient({ accessKeyId: "an-id", secretAccessKey: "a-secret", apiKey: "a-key" });

// @ts-expect-error a misspelled property
export const wrong = () => client.POST("/face/search", { body: { probe: "", treshold: 1 } });
