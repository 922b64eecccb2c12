import type { MadeCall, Session } from "../../verify/check.ts";
import type { EstablishedState, ProviderState } from "../../verify/pact/provider-state.ts";

/** The provider states that only v1.1 has. They are merged with those of v1 in `provider-states.ts`. */

/** Registers a face under an id that the pact may give. */
export type RegisterFace = (
  session: Session,
  parameters: Record<string, string>,
) => Promise<EstablishedState & { made?: MadeCall }>;

/**
 * A subject with one event, which may have a tag.
 *
 * @param registerFace sets up `a face is registered`.
 */
export function subjectWithEvent(registerFace: RegisterFace): ProviderState["setUp"] {
  return async (session, parameters) => {
    const { made, ...registered } = await registerFace(session, parameters);
    const { tag } = parameters;
    const { id } = registered.values ?? {};
    if (id === undefined) return registered;
    let eventId = textIn(made, "eventId");
    let undo: EstablishedState["undo"];
    if (tag !== undefined) {
      const exists = await createTag(session, { name: tag });
      undo = exists.undo;
      if (exists.failed) return exists;
      const tagged = await session.call({
        operation: "ApiSubjectsByIdPut",
        method: "PUT",
        path: `/subjects/${encodeURIComponent(id)}`,
        body: { ...(made?.planned.body as object | undefined), tags: [tag] },
        purpose: "give the event a tag",
      });
      if (tagged.response.status !== 200) return { failed: { made: tagged, expected: 200 }, undo };
      eventId = textIn(tagged, "eventId");
    }
    return { ...registered, values: { id, eventId: eventId ?? unknownEvent }, undo };
  };
}

/** A tag that was there before is left. */
export async function createTag(
  session: Session,
  { name }: Record<string, string>,
): Promise<EstablishedState> {
  const create = { operation: "CreateTag", method: "POST", path: pathOf(name!) };
  const made = await session.call({ ...create, purpose: "create a tag" });
  if (made.response.status === 200) return { undo: () => deleteTag(session, name!) };
  const isThere = textIn(made, "errorType") === "Duplicate";
  return isThere ? {} : { failed: { made, expected: 200 } };
}

/** A tag that is there already may be in use, so it is not deleted. One that the interaction creates is. */
export async function lackTag(session: Session, { name }: Record<string, string>): Promise<EstablishedState> {
  const made = await session.call({
    operation: "Get",
    method: "GET",
    path: "/tags",
    purpose: "list the tags",
  });
  const isThere = !session.planning && made.response.body.includes(JSON.stringify(name));
  const differs = { instancePath: "body", expected: "no tag of this name", actual: "the tag" };
  if (isThere) return { failed: { made, expected: 200, differs } };
  return { undo: () => deleteTag(session, name!) };
}

/** A bulk registration of a file without a face, so that nobody is registered. */
export async function startJob(
  session: Session,
  { batchId: given }: Record<string, string>,
): Promise<EstablishedState> {
  const made = await session.call({
    operation: "BulkRegister",
    method: "POST",
    path: "/jobs/bulkregister",
    body: { registrations: [{ filename: "necid-verify/none.jpg" }] },
    purpose: "start a bulk registration",
  });
  const batchId = textIn(made, "batchId");
  if (batchId === undefined) return { failed: { made, expected: 200 } };
  return { values: { batchId }, ...(given !== undefined && { aliases: { [given]: batchId } }) };
}

async function deleteTag(session: Session, name: string): Promise<void> {
  const remove = { operation: "DeleteTag", method: "DELETE", path: pathOf(name) };
  await session.call({ ...remove, purpose: "delete the tag" });
}

function pathOf(name: string): string {
  return `/tags/${encodeURIComponent(name)}`;
}

const unknownEvent = "eventguid-0000-0000-0000-000000000000";

function textIn(made: MadeCall | undefined, property: string): string | undefined {
  try {
    const value = JSON.parse(String(made?.response.body))[property];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
