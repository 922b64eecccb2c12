import {
  type Call,
  type Client,
  checker,
  type Expected,
  type Kind,
  newPicture,
  ofCard,
  ofGone,
  ofOwn,
  panComplaint,
  type Subject,
} from "./call.ts";
import type { Picture } from "./pictures.ts";

/** Register, update and unregister, right ones and those of ids that are not there. */
export const subjectCalls: Record<string, Kind> = {
  register: { weight: 9, plan: (client) => register(client, newPicture(client)) },
  "register another photo": {
    weight: 2.5,
    plan: (client) =>
      ofCard(client, ({ picture: { person } }) => register(client, newPicture(client, { person }))),
  },
  "register the same picture": {
    weight: 1.5,
    plan: (client) => ofOwn(client, ({ picture }) => register(client, picture)),
  },
  "register 100 kB to 1 MB": {
    weight: 0.03,
    plan: (client) => register(client, newPicture(client, { form: "large" })),
  },
  // A little above all registrations together, so that the galleries keep their size.
  unregister: {
    weight: 14,
    plan: (client) => (client.own.length < client.enough ? undefined : ofOwn(client, unregister(client))),
  },
  "unregister again": { weight: 2, plan: (client) => ofGone(client, (id) => remove(id, notFound)) },
  "unregister in the other gallery": {
    weight: 0.5,
    plan: (client) => ofOwn(client, ({ id }) => ({ ...remove(id, notFound), apiKey: client.otherApiKey })),
  },
  update: { weight: 6, plan: (client) => ofOwn(client, update(client)) },
  "update after unregister": {
    weight: 2,
    plan: (client) => ofGone(client, (id) => put(id, newPicture(client), notFound)),
  },
  "update in the other gallery": {
    weight: 0.5,
    plan: (client) =>
      ofOwn(client, ({ id }) => ({ ...put(id, newPicture(client), notFound), apiKey: client.otherApiKey })),
  },
};

/** Puts a picture into the client's gallery. */
export function register(client: Client, picture: Picture): Call {
  return {
    method: "POST",
    path: "/subjects",
    operation: "ApiSubjectsPost",
    body: JSON.stringify({ face: picture.image }),
    check: checker("ApiSubjectsPost", {
      status: 201,
      body({ id, attributes }) {
        client.own.push({ id, picture });
        client.knownSubjects.add(client.application, id);
        return panComplaint(attributes, picture);
      },
    }),
  };
}

const notFound: Expected = { status: 404, text: "" };

function unregister(client: Client): (subject: Subject) => Call {
  return (subject) => {
    const call = remove(subject.id, { status: 204, text: "" });
    return {
      ...call,
      check(response) {
        const complaint = call.check(response);
        if (complaint === undefined) forget(client, subject);
        return complaint;
      },
    };
  };
}

function forget(client: Client, subject: Subject): void {
  client.own.splice(client.own.indexOf(subject), 1);
  client.knownSubjects.remove(subject.id);
  client.gone.push(subject.id);
  if (client.gone.length > 20) client.gone.shift();
}

function update(client: Client): (subject: Subject) => Call {
  return (subject) => {
    const picture = newPicture(client);
    return put(subject.id, picture, {
      status: 200,
      body({ id, attributes }) {
        if (id !== subject.id) return `the id ${id} instead of ${subject.id}`;
        subject.picture = picture;
        return panComplaint(attributes, picture);
      },
    });
  };
}

function put(id: string, picture: Picture, expected: Expected): Call {
  const operation = "ApiSubjectsByIdPut";
  const body = JSON.stringify({ face: picture.image });
  return { method: "PUT", path: `/subjects/${id}`, operation, body, check: checker(operation, expected) };
}

function remove(id: string, expected: Expected): Call {
  const operation = "ApiSubjectsByIdDelete";
  return { method: "DELETE", path: `/subjects/${id}`, operation, check: checker(operation, expected) };
}
