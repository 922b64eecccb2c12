/** One row of the bench: a request, sent over and over, and the response that NEC ID gives to it. */
export type Scenario = {
  name: string;
  operation: string;
  method: string;
  /** Below the base path. `subject` is the id of a subject that is registered with the server, if it keeps any. */
  path: string;
  body?(subject: string): object;
  /** What the mock answers, and every contender that was given them. */
  status: number;
  /** Only this one goes out without signature and API key to a server that wants them. */
  unsigned?: true;
  /** A subject must be there first. */
  wantsSubject?: true;
};

/** 188 letters of Base64, so that a registration has 199 bytes. */
const face = Buffer.alloc(141, "necid-face:alice ").toString("base64");

export const register: Scenario = {
  name: "register",
  operation: "ApiSubjectsPost",
  method: "POST",
  path: "/subjects",
  body: () => ({ face }),
  status: 201,
};

export const scenarios: readonly Scenario[] = [
  register,
  {
    name: "verify",
    operation: "ApiFaceVerifyPost",
    method: "POST",
    path: "/face/verify",
    body: (id) => ({ probe: face, id }),
    status: 200,
    wantsSubject: true,
  },
  {
    name: "search",
    operation: "ApiFaceSearchPost",
    method: "POST",
    path: "/face/search",
    body: () => ({ probe: face }),
    status: 200,
    wantsSubject: true,
  },
  {
    name: "delete",
    operation: "ApiSubjectsByIdDelete",
    method: "DELETE",
    path: "/subjects/necidguid-0000-0000-0000-000000000000",
    status: 404,
  },
  { ...register, name: "invalid", body: () => ({ picture: face }), status: 400 },
  { ...register, name: "unsigned", status: 403, unsigned: true },
];
