import { isObject } from "../../openapi/json.ts";
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
    if (tag === undefined) return withEvent(registered, made, 201);
    const exists = await createTag(session, { name: tag });
    if (exists.failed) return exists;
    const { undo } = exists;
    const tagged = await session.call({
      operation: "ApiSubjectsByIdPut",
      method: "PUT",
      path: `/subjects/${encodeURIComponent(id)}`,
      body: { ...(made?.planned.body as object | undefined), tags: [tag] },
      purpose: "give the event a tag",
    });
    return { ...withEvent(registered, tagged, 200), undo };
  };
}

function withEvent(
  registered: EstablishedState,
  made: MadeCall | undefined,
  expected: number,
): EstablishedState {
  const eventId = guidIn(made, "event");
  if (eventId === undefined) return { failed: failureOf(made!, { expected, id: "eventId" }) };
  return { ...registered, values: { ...registered.values, eventId } };
}

/** A tag that was there before is left. */
export async function createTag(
  session: Session,
  { name = "" }: Record<string, string>,
): Promise<EstablishedState> {
  const create = { operation: "CreateTag", method: "POST", path: pathOf(name) };
  const made = await session.call({ ...create, purpose: "create a tag" });
  if (made.response.status !== 200) {
    const isThere = textIn(made, "errorType") === "Duplicate";
    return isThere ? {} : { failed: { made, expected: 200 } };
  }
  const undo = () => deleteTag(session, name);
  // Without this call, a tag that was not created would be reported as a fault of the interaction.
  const { names, failed } = await listTags(session);
  if (failed) return { failed, undo };
  if (session.planning || names.includes(name)) return { undo };
  const differs = {
    instancePath: "status",
    expected: "200 and a tag that is listed",
    actual: "200 and no tag",
  };
  return { failed: { made, expected: 200, differs }, undo };
}

/** A tag that is there already may be in use, so it is not deleted. One that the interaction creates is. */
export async function lackTag(
  session: Session,
  { name = "" }: Record<string, string>,
): Promise<EstablishedState> {
  const { names, failed } = await listTags(session);
  if (failed) return { failed };
  if (!session.planning && names.includes(name))
    return { skipped: `a tag named ${name} is there, and may be in use` };
  return { undo: () => deleteTag(session, name) };
}

/** A list that is none is the fault of the list, and not of what a tag was created for. */
async function listTags(session: Session): Promise<Pick<EstablishedState, "failed"> & { names: string[] }> {
  const made = await session.call({
    operation: "Get",
    method: "GET",
    path: "/tags",
    purpose: "list the tags",
  });
  const names = jsonIn(made);
  if (made.response.status !== 200) return { names: [], failed: { made, expected: 200 } };
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return { names };
  const differs = { instancePath: "body", expected: "a list of names", actual: "none" };
  return { names: [], failed: { made, expected: 200, differs } };
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
  const batchId = guidIn(made, "batch");
  if (batchId === undefined) return { failed: failureOf(made, { expected: 200, id: "batchId" }) };
  return { values: { batchId }, ...(given !== undefined && { aliases: { [given]: batchId } }) };
}

async function deleteTag(session: Session, name: string): Promise<void> {
  const remove = { operation: "DeleteTag", method: "DELETE", path: pathOf(name) };
  await session.call({ ...remove, purpose: "delete the tag" });
}

function pathOf(name: string): string {
  return `/tags/${encodeURIComponent(name)}`;
}

/** A response of another status, or without the id that was asked for. */
function failureOf(
  made: MadeCall,
  { expected, id }: { expected: number; id: string },
): NonNullable<EstablishedState["failed"]> {
  if (made.response.status !== expected) return { made, expected };
  const differs = { instancePath: `body /${id}`, expected: "an id", actual: "none" };
  return { made, expected, differs };
}

function guidIn(made: MadeCall | undefined, kind: string): string | undefined {
  const id = textIn(made, `${kind}Id`);
  const isId = new RegExp(`^${kind}guid(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, "i").test(id ?? "");
  return isId ? id : undefined;
}

function textIn(made: MadeCall | undefined, property: string): string | undefined {
  const body = made && jsonIn(made);
  const value = isObject(body) ? body[property] : undefined;
  return typeof value === "string" ? value : undefined;
}

function jsonIn({ response }: MadeCall): unknown {
  try {
    return JSON.parse(String(response.body));
  } catch {
    return undefined;
  }
}
