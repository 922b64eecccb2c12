import { face } from "necid-contract-kit/faces";
import { type StartedWorld, StateError, startWorld } from "necid-contract-kit/mock";

export async function search(): Promise<number> {
  const necid: StartedWorld = await startWorld();
  try {
    necid.seedSubjects({ 1: ["alice"] });
    const { response } = await necid.client.POST("/face/search", { body: { probe: face("alice") } });
    return response.status;
  } catch (error) {
    return error instanceof StateError ? error.place.length : 0;
  } finally {
    await necid.close();
  }
}
