import { cardImages } from "../../../../../contracts/necid/verify/images.ts";
import type { ImageRole, PlannedCall } from "../../../../../contracts/verify/check.ts";
import { responseOf, type Tamper, withBody } from "../../../verify/tampered-session.ts";

/** A provider that breaks one promise, and the mismatches that the check reports. */
export type BrokenProvider = {
  /** The check's id without `sequence/`. */
  check: string;
  broken: string;
  /** Called for each run: some providers have state. */
  tamper: () => Tamper;
  reported: Reported[];
};

type Reported = [operation: string, location: string, instancePath: string, expected: string, actual: string];

type Candidate = { id: string; score: number };
type Found = { candidates: Candidate[]; attributes: object };
type Attributes = Record<string, Record<string, string> | string>;
type Extracted = { faces: { attributes: Attributes }[] };
const register = "ApiSubjectsPost";
const update = "ApiSubjectsByIdPut";
const unregister = "ApiSubjectsByIdDelete";
const extract = "ApiFaceExtractPost";
const search = "ApiFaceSearchPost";
const verify = "ApiFaceVerifyPost";

/** Attributes of bob, whose face area is 264/196 to 390/321. */
const implausible: [broken: string, figures: Attributes, place: string, expected: string, actual: string][] =
  [
    [
      "a face is wider than its head",
      { faceArea: { left: "1", top: "196", right: "390", bottom: "321" } },
      "/faceArea",
      "within the head, 241/140 to 413/346",
      "1/196 to 390/321",
    ],
    [
      "a face has its right at the left",
      { faceArea: { left: "390", top: "196", right: "264", bottom: "321" } },
      "/faceArea",
      "left of its right, and top above its bottom",
      "390/196 to 264/321",
    ],
    [
      "a head stands upside down",
      { headArea: { left: "241", top: "346", right: "413", bottom: "140" } },
      "/headArea",
      "left of its right, and top above its bottom",
      "241/346 to 413/140",
    ],
    [
      "an eye is outside the face",
      { leftEyeCenter: { x: "391", y: "241" } },
      "/leftEyeCenter",
      "within the face, 264/196 to 390/321",
      "391,241",
    ],
    [
      "the eyes are the wrong way round",
      { rightEyeCenter: { x: "357", y: "236" }, leftEyeCenter: { x: "292", y: "226" } },
      "/rightEyeCenter",
      "left of the left eye, x below 292",
      "357",
    ],
    [
      "the roll is not that of the eyes",
      { faceRoll: "8.74616" },
      "/faceRoll",
      "within 15 degrees of the line through the eyes, -8.7",
      '"8.74616"',
    ],
    ["a score is given in per cent", { faceScore: "99.9" }, "/faceScore", "from 0 to 1", '"99.9"'],
    ["a score is negative", { faceQualityScore: "-0.2" }, "/faceQualityScore", "from 0 to 1", '"-0.2"'],
    [
      "a frontal score is more than 1",
      { frontalFaceScore: "1.1" },
      "/frontalFaceScore",
      "from 0 to 1",
      '"1.1"',
    ],
    ["a pan is all the way round", { facePan: "270" }, "/facePan", "from -90 to 90", '"270"'],
    ["a tilt is all the way round", { faceTilt: "-270" }, "/faceTilt", "from -90 to 90", '"-270"'],
  ];

type Unsteady = [name: string, operation: string, place: string, alter: (count: number) => object];

const unsteady: Unsteady[] = [
  ["verify", verify, "body /score", (count) => ({ score: 8000 + count })],
  ["search", search, "body /candidates", (count) => ({ attributes: { faceRoll: String(count) } })],
  ["extract", extract, "body /faces", (count) => ({ faces: [{ attributes: { faceRoll: String(count) } }] })],
];

export const brokenProviders: BrokenProvider[] = [
  {
    check: "two-registrations-have-two-ids",
    broken: "a second registration has the first one's id",
    tamper: knowing(async (ids, planned, send) => {
      const response = await send();
      return planned.operation === register
        ? withBody<object>(response, (body) => ({ ...body, id: ids[0] ?? idOf(response) }))
        : response;
    }),
    reported: [
      [
        register,
        "register alice-1 again",
        "body /id",
        "another id than the first registration's",
        "the same id",
      ],
    ],
  },
  {
    check: "two-registrations-have-two-ids",
    broken: "a second registration is not kept",
    tamper: knowing(async (ids, planned, send) => {
      const response = await send();
      if (planned.operation === register && ids.length > 0) await send(unregisterCall(idOf(response)));
      return response;
    }),
    reported: [
      [
        register,
        "verify alice-1 with the second id",
        "status",
        "200, because the second registration is a subject too",
        "404",
      ],
    ],
  },
  {
    check: "two-registrations-have-two-ids",
    broken: "unregistering takes every subject",
    tamper: knowing(async (ids, planned, send) => {
      if (planned.operation === unregister) for (const id of ids) await send(unregisterCall(id));
      return planned.operation === unregister ? responseOf(204) : send();
    }),
    reported: [
      [
        unregister,
        "verify alice-1 with the second id alone",
        "status",
        "200, because only the first id was unregistered",
        "404",
      ],
    ],
  },
  {
    check: "an-unregistered-subject-is-gone",
    broken: "unregistering says so and does nothing",
    tamper: knowing(async (ids, planned, send) =>
      planned.operation === unregister && ids.includes(idIn(planned)) ? responseOf(204) : send(),
    ),
    reported: [
      [
        unregister,
        "unregister",
        "status",
        "204 with no sign of the unregistered subject",
        "204, and yet it is verified, found, unregistered again, updated",
      ],
    ],
  },
  {
    check: "an-unregistered-subject-is-gone",
    broken: "verify remembers whom it knew",
    tamper: knowing(async (ids, planned, send) =>
      planned.operation === verify && ids.includes(idIn(planned))
        ? responseOf(200, { id: idIn(planned), score: 9999 })
        : send(),
    ),
    reported: [
      [
        verify,
        "verify alice-1 after it was unregistered",
        "status",
        "no sign of the unregistered subject",
        "200: the subject is verified",
      ],
    ],
  },
  {
    check: "an-unregistered-subject-is-gone",
    broken: "search remembers whom it knew",
    tamper: knowing(async (ids, planned, send) =>
      planned.operation === search ? responseOf(200, { candidates: [{ id: ids[0], score: 9999 }] }) : send(),
    ),
    reported: [
      [
        search,
        "search alice-1 after it was unregistered",
        "body /candidates",
        "no sign of the unregistered subject",
        "200: the subject is found",
      ],
    ],
  },
  {
    check: "an-unregistered-subject-is-gone",
    broken: "update takes any id",
    tamper: instead(update, async (planned) => responseOf(200, { id: idIn(planned) })),
    reported: [
      [
        update,
        "update with alice-1 with an id that nobody has",
        "status",
        "404, because nobody has this id",
        "200",
      ],
    ],
  },
  {
    check: "an-unregistered-subject-is-gone",
    broken: "unregistering succeeds with any id",
    tamper: instead(unregister, async (_, send) => {
      await send();
      return responseOf(204);
    }),
    reported: [
      [
        unregister,
        "unregister with an id that nobody has",
        "status",
        "404, because nobody has this id",
        "204",
      ],
    ],
  },
  {
    check: "an-update-replaces-the-face",
    broken: "an update says so and does nothing",
    tamper: instead(update, async (planned) => responseOf(200, { id: idIn(planned) })),
    reported: [
      [
        update,
        "update with bob",
        "status",
        "200 with no sign of the face that was replaced",
        "200, and yet it is verified, found",
      ],
      [
        update,
        "update with bob",
        "status",
        "200 with the new face under the id",
        "200, and yet it is not verified, not found",
      ],
    ],
  },
  {
    check: "an-update-replaces-the-face",
    broken: "an update answers another id",
    tamper: answering<object>(update, (body) => ({ ...body, id: "necidguid-1111-1111-1111-111111111111" })),
    reported: [
      [
        update,
        "update with bob",
        "body /id",
        "the id of the path",
        '"necidguid-1111-1111-1111-111111111111"',
      ],
    ],
  },
  {
    check: "an-update-replaces-the-face",
    broken: "an update changes every subject",
    tamper: knowing(async (ids, planned, send) => {
      if (planned.operation === update)
        for (const id of ids) await send({ ...planned, path: `/subjects/${id}` });
      return send();
    }),
    reported: [
      [
        update,
        "verify alice-2 as the other subject",
        "status",
        "200, because another subject was updated",
        "404",
      ],
    ],
  },
  {
    check: "an-update-replaces-the-face",
    broken: "verify takes anybody",
    tamper: instead(verify, async (planned) => responseOf(200, { id: idIn(planned), score: 9000 })),
    reported: [
      [verify, "verify bob before the update", "status", "404, because it is another person's id", "200"],
    ],
  },
  {
    check: "an-update-replaces-the-face",
    broken: "search does not hear of updates",
    tamper: instead(search, async (planned, send) => (isOf("bob", planned) ? responseOf(404) : send())),
    reported: [
      [
        search,
        "search bob after the update",
        "status",
        "the new face under the id",
        "404: the subject is not found",
      ],
    ],
  },
  {
    check: "a-refused-update-keeps-the-face",
    broken: "a refused update removes the subject",
    tamper: instead(update, async (planned, send) => {
      await send(unregisterCall(idIn(planned)));
      return responseOf(400, {});
    }),
    reported: [
      [
        update,
        "verify alice-1 after the refused update",
        "status",
        "200, because nothing was updated",
        "404",
      ],
    ],
  },
  {
    check: "a-refused-update-keeps-the-face",
    broken: "a picture without a face is taken",
    tamper: instead(update, async (planned) => responseOf(200, { id: idIn(planned) })),
    reported: [[update, "update with none", "status", "400, because there is no face in the picture", "200"]],
  },
  {
    check: "search-finds-who-was-registered",
    broken: "search finds nobody",
    tamper: instead(search, async () => responseOf(404)),
    reported: [
      [search, "search alice-2", "status", "200", "404"],
      [search, "search bob", "status", "200", "404"],
    ],
  },
  {
    check: "search-finds-who-was-registered",
    broken: "a registration is not kept",
    tamper: instead(register, async (planned, send) => {
      const response = await send();
      if (isOf("alice-1", planned)) await send(unregisterCall(idOf(response)));
      return response;
    }),
    reported: [
      [
        register,
        "register alice-1",
        "status",
        "201 with a subject that is verified or found afterwards",
        "201, and yet it is neither verified nor found",
      ],
    ],
  },
  {
    check: "search-finds-who-was-registered",
    broken: "search finds everybody",
    tamper: knowing(async (ids, planned, send) =>
      planned.operation === search
        ? responseOf(200, { candidates: ids.map((id) => ({ id, score: 8000 })) })
        : send(),
    ),
    reported: [
      [search, "search alice-2", "body /candidates", "a list without bob", "a list with bob"],
      [search, "search bob", "body /candidates", "a list without alice", "a list with alice"],
      [search, "search stranger", "body /candidates", "a list without alice", "a list with alice"],
      [search, "search stranger", "body /candidates", "a list without bob", "a list with bob"],
    ],
  },
  {
    check: "search-is-sorted-and-keeps-the-limit",
    broken: "search lists the best last",
    tamper: answering<Found>(search, (found) => ({ ...found, candidates: found.candidates.toReversed() })),
    reported: [
      [
        search,
        "search alice-2 without much of a limit",
        "body /candidates/2/score",
        "7145 or less, as the one before",
        "9999",
      ],
      [
        search,
        "search alice-2 with limit 1",
        "body /candidates",
        "a list of 1: the best of the search without much of a limit",
        "a list of 1, where 1 of them are missing and 1 others stand",
      ],
      [
        search,
        "search alice-2 with limit 2",
        "body /candidates",
        "a list of 2: the best of the search without much of a limit",
        "a list of 2, where 0 of them are missing and 1 others stand",
      ],
    ],
  },
  {
    check: "search-is-sorted-and-keeps-the-limit",
    broken: "search does not ask for the limit",
    tamper: instead(search, (planned, send) => send(bounded(planned, { limit: 10 }))),
    reported: [
      [
        search,
        "search alice-2 with limit 1",
        "body /candidates",
        "a list of 1: the best of the search without much of a limit",
        "a list of 3, where 0 of them are missing and 2 others stand",
      ],
      [
        search,
        "search alice-2 with limit 2",
        "body /candidates",
        "a list of 2: the best of the search without much of a limit",
        "a list of 3, where 0 of them are missing and 0 others stand",
      ],
    ],
  },
  {
    check: "search-is-sorted-and-keeps-the-limit",
    broken: "search cuts before it sorts",
    tamper: knowing(async (ids, planned, send) => {
      const { limit } = planned.body as { limit?: number };
      const response = await send(planned.operation === search ? bounded(planned, { limit: 50 }) : planned);
      if (planned.operation !== search) return response;
      return withBody<Found>(response, ({ candidates }) => ({
        candidates: candidates
          .toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
          .slice(0, limit)
          .toSorted((a, b) => b.score - a.score),
      }));
    }),
    reported: [
      [
        search,
        "search alice-2 with limit 1",
        "body /candidates",
        "a list of 1: the best of the search without much of a limit",
        "a list of 1, where 1 of them are missing and 1 others stand",
      ],
    ],
  },
  {
    check: "search-is-sorted-and-keeps-the-limit",
    broken: "search lists somebody twice",
    tamper: answering<Found>(search, ({ candidates }) => ({
      candidates: [candidates[0]!, ...candidates].slice(0, candidates.length),
    })),
    reported: [
      [
        search,
        "search alice-2 without much of a limit",
        "body /candidates",
        "the second picture once",
        "a list with the second picture 2 times",
      ],
      [
        search,
        "search alice-2 without much of a limit",
        "body /candidates",
        "the first picture again once",
        "a list without the first picture again",
      ],
      [
        search,
        "search alice-2 without much of a limit",
        "body /candidates/1/id",
        "an id that is not listed yet",
        "one that is",
      ],
    ],
  },
  {
    check: "search-keeps-the-threshold",
    broken: "search does not ask for the threshold",
    tamper: instead(search, (planned, send) => send(bounded(planned, { threshold: 0 }))),
    reported: [
      [
        search,
        "search alice-2 without a threshold",
        "body /candidates",
        "a list of 2: who scored 7000 and above with threshold 0",
        "a list of 3, where 0 of them are missing and 1 others stand",
      ],
      [
        search,
        "search alice-2 with a score that was seen as the threshold",
        "body /candidates",
        "a list of 2: who scored 7145 and above with threshold 0",
        "a list of 3, where 0 of them are missing and 1 others stand",
      ],
      [
        search,
        "search alice-2 with a threshold above a score that was seen",
        "body /candidates",
        "a list of 1: who scored 7146 and above with threshold 0",
        "a list of 3, where 0 of them are missing and 2 others stand",
      ],
    ],
  },
  {
    check: "search-keeps-the-threshold",
    broken: "search wants more than the threshold",
    tamper: instead(search, async (planned, send) => {
      const { threshold = 7000 } = planned.body as { threshold?: number };
      const response = await send();
      return withBody<Found>(response, ({ candidates }) => ({
        candidates: candidates.filter(({ score }) => score > threshold),
      }));
    }),
    reported: [
      [
        search,
        "search alice-2 with a score that was seen as the threshold",
        "body /candidates",
        "a list of 2: who scored 7145 and above with threshold 0",
        "a list of 1, where 1 of them are missing and 0 others stand",
      ],
    ],
  },
  {
    check: "search-keeps-the-threshold",
    broken: "the default threshold is 9000",
    tamper: instead(search, (planned, send) =>
      send({ ...planned, body: { threshold: 9990, ...(planned.body as object) } }),
    ),
    reported: [
      [
        search,
        "search alice-2 without a threshold",
        "body /candidates",
        "a list of 2: who scored 7000 and above with threshold 0",
        "a list of 1, where 1 of them are missing and 0 others stand",
      ],
    ],
  },
  {
    check: "search-stops-at-ten-by-itself",
    broken: "the default limit is 50",
    tamper: instead(search, (planned, send) => send(bounded(planned, { limit: 50 }))),
    reported: [
      [search, "search alice-1 without a limit", "body /candidates", "a list of 10", "a list of 11"],
    ],
  },
  {
    check: "verify-tells-two-people-apart",
    broken: "verify takes anybody",
    tamper: instead(verify, async (planned) => responseOf(200, { id: idIn(planned), score: 9000 })),
    reported: [
      [verify, "verify alice-2 as bob", "status", "404, because it is another person", "200"],
      [verify, "verify bob as alice", "status", "404, because it is another person", "200"],
    ],
  },
  {
    check: "verify-tells-two-people-apart",
    broken: "verify takes nobody",
    tamper: instead(verify, async () => responseOf(404)),
    reported: [
      [verify, "verify alice-2 as alice", "status", "200, because it is the same person", "404"],
      [verify, "verify bob as bob", "status", "200, because it is the same person", "404"],
    ],
  },
  {
    check: "verify-tells-two-people-apart",
    broken: "verify answers another id",
    tamper: answering<object>(verify, (body) => ({ ...body, id: "necidguid-1111-1111-1111-111111111111" })),
    reported: [
      [
        verify,
        "verify alice-2 as alice",
        "body /id",
        "the id that was asked",
        '"necidguid-1111-1111-1111-111111111111"',
      ],
      [
        verify,
        "verify bob as bob",
        "body /id",
        "the id that was asked",
        '"necidguid-1111-1111-1111-111111111111"',
      ],
    ],
  },
  {
    check: "verify-and-search-agree",
    broken: "verify gives a point less",
    tamper: answering<Candidate>(verify, ({ id, score }) => ({ id, score: score - 1 })),
    reported: [
      [verify, "verify alice-2", "body /score", "7145 (number), as search alice-2 says", "7144 (number)"],
    ],
  },
  {
    check: "verify-and-search-agree",
    broken: "search shows a point less",
    tamper: answering<Found>(search, ({ candidates }) => ({
      candidates: candidates.map(({ id, score }) => ({ id, score: score - 1 })),
    })),
    reported: [
      [
        search,
        "search alice-2",
        "body /candidates/0/score",
        "7145 (number), as verify alice-2 says",
        "7144 (number)",
      ],
    ],
  },
  {
    check: "verify-and-search-agree",
    broken: "search finds somebody else",
    tamper: answering<Found>(search, () => ({ candidates: [{ id: "necidguid-1", score: 8000 }] })),
    reported: [
      [search, "search alice-2", "body /candidates", "7145 (number), as verify alice-2 says", "missing"],
    ],
  },
  {
    check: "the-registered-picture-scores-best",
    broken: "verify scores upside down",
    tamper: answering<Candidate>(verify, ({ id, score }) => ({ id, score: 17_000 - score })),
    reported: [
      [
        verify,
        "verify alice-1 with its own registration",
        "body /score",
        "at least 9855 (number), the score of another photo",
        "7001 (number)",
      ],
    ],
  },
  {
    check: "the-registered-picture-scores-best",
    broken: "search scores upside down",
    tamper: answering<Found>(search, ({ candidates }) => ({
      candidates: candidates.map(({ id, score }) => ({ id, score: 17_000 - score })),
    })),
    reported: [
      [
        search,
        "search alice-1",
        "body /candidates/0/score",
        "at least 9855 (number), the score of another photo",
        "7001 (number)",
      ],
    ],
  },
  ...unsteady.map(
    ([name, operation, place, alter]): BrokenProvider => ({
      check: "the-same-request-twice",
      broken: `${name} gives other figures each time`,
      tamper: () => {
        let count = 0;
        return answering<object>(operation, (body) => ({ ...body, ...alter(count++) }))();
      },
      reported: [
        [operation, `${name} alice-2 again`, place, "what the first response says", "other figures"],
      ],
    }),
  ),
  {
    check: "extract-counts-faces",
    broken: "extract forgets the last face",
    tamper: answering<Extracted>(extract, ({ faces }) => ({
      faces: faces.length > 1 ? faces.slice(0, -1) : faces,
    })),
    reported: [[extract, "extract group", "body /faces", "a list of 3", "a list of 2"]],
  },
  {
    check: "extract-counts-faces",
    broken: "extract sees everything double",
    tamper: answering<Extracted>(extract, ({ faces }) => ({
      faces: faces.flatMap((face) => [face, face]).slice(0, 3),
    })),
    reported: [
      [extract, "extract alice-1", "body /faces", "a list of 1", "a list of 2"],
      [
        extract,
        "extract group",
        "body /faces/1/attributes/faceArea",
        "a place of its own",
        "the place of face 0",
      ],
    ],
  },
  {
    check: "extract-stops-at-twenty",
    broken: "extract gives them all",
    tamper: answering<Extracted>(extract, ({ faces }) => ({ faces: [...faces, ...faces.slice(0, 5)] })),
    reported: [[extract, "extract crowd", "body /faces", "a list of 20", "a list of 25"]],
  },
  {
    check: "extract-stops-at-twenty",
    broken: "extract stops at nineteen",
    tamper: answering<Extracted>(extract, ({ faces }) => ({ faces: faces.slice(0, 19) })),
    reported: [[extract, "extract crowd", "body /faces", "a list of 20", "a list of 19"]],
  },
  ...implausible.map(
    ([broken, figures, place, expected, actual]): BrokenProvider => ({
      check: "attributes-are-plausible",
      broken,
      tamper: bobWith(figures),
      reported: [[extract, "extract bob", `body /faces/0/attributes${place}`, expected, actual]],
    }),
  ),
  {
    check: "attributes-belong-to-the-face-sent",
    broken: "extract gives a figure of its own",
    tamper: answering<Extracted>(extract, ({ faces }) => ({
      faces: faces.map(({ attributes }) => ({ attributes: { ...attributes, faceTilt: "1.5" } })),
    })),
    reported: [
      [
        extract,
        "extract alice-1",
        "body /faces/0/attributes/faceTilt",
        '"13.6846", as register alice-1 says',
        '"1.5"',
      ],
      [
        extract,
        "extract alice-2",
        "body /faces/0/attributes/faceTilt",
        '"8.20576", as register alice-2 says',
        '"1.5"',
      ],
      [
        extract,
        "extract bob",
        "body /faces/0/attributes/faceTilt",
        '"-8.4175", as update with bob says',
        '"1.5"',
      ],
    ],
  },
  {
    check: "attributes-belong-to-the-face-sent",
    broken: "register leaves a figure out",
    tamper: answering<{ attributes: object }>(register, ({ attributes, ...rest }) => ({
      ...rest,
      attributes: { ...attributes, facePan: undefined },
    })),
    reported: [
      [
        register,
        "register alice-1",
        "body /attributes/facePan",
        '"-18.4395", as search alice-1 says',
        "missing",
      ],
      [
        register,
        "register alice-2",
        "body /attributes/facePan",
        '"13.2204", as search alice-2 says',
        "missing",
      ],
      [
        register,
        "register bob as another subject",
        "body /attributes/facePan",
        '"5.98987", as update with bob says',
        "missing",
      ],
    ],
  },
  {
    check: "attributes-belong-to-the-face-sent",
    broken: "everybody has the same figures",
    tamper: () => async (_, send) =>
      withBody<Partial<Extracted>>(await send(), ({ faces, ...rest }) =>
        faces ? { faces: [{ attributes: { faceRoll: "1" } }] } : { ...rest, attributes: { faceRoll: "1" } },
      ),
    reported: [
      [
        extract,
        "extract alice-2",
        "body /faces/0/attributes",
        "other figures than those of alice-1",
        "the same figures",
      ],
      [
        extract,
        "extract bob",
        "body /faces/0/attributes",
        "other figures than those of alice-1",
        "the same figures",
      ],
    ],
  },
  {
    check: "one-gallery-does-not-see-the-other",
    broken: "the applications share a gallery",
    tamper: () => (planned, send) => send({ ...planned, application: 1 }),
    reported: [
      [
        verify,
        "verify alice-1 in application 2",
        "status",
        "404, because the id is another application's",
        "200",
      ],
      [
        search,
        "search alice-1 in application 2",
        "body /candidates",
        "no subject of another application",
        "one of another application",
      ],
      [
        update,
        "update with alice-1 in application 2",
        "status",
        "404, because the id is another application's",
        "200",
      ],
      [
        unregister,
        "unregister in application 2",
        "status",
        "404, because the id is another application's",
        "204",
      ],
      [
        verify,
        "verify alice-1 with the id of application 2, in application 1",
        "status",
        "404, because the id is another application's",
        "200",
      ],
    ],
  },
  {
    check: "one-gallery-does-not-see-the-other",
    broken: "unregistering reaches into another gallery",
    tamper: instead(unregister, async (planned, send) => {
      await send({ ...planned, application: 1 });
      return responseOf(404);
    }),
    reported: [
      [
        unregister,
        "verify alice-1 in application 1, after application 2 tried to unregister it",
        "status",
        "200, because another application has no say",
        "404",
      ],
    ],
  },
];

/** Changes the successful responses of one operation. */
function answering<Body>(
  operation: string,
  alter: (body: Body, planned: PlannedCall) => unknown,
): () => Tamper {
  return () => async (planned, send) => {
    const response = await send();
    return planned.operation === operation
      ? withBody<Body>(response, (body) => alter(body, planned))
      : response;
  };
}

/** Replaces the responses of one operation. */
function instead(
  operation: string,
  response: (
    planned: PlannedCall,
    send: (other?: PlannedCall) => ReturnType<Parameters<Tamper>[1]>,
  ) => ReturnType<Tamper>,
): () => Tamper {
  return () => (planned, send) => (planned.operation === operation ? response(planned, send) : send());
}

function isOf(role: ImageRole, { body }: PlannedCall): boolean {
  return Object.values(body as object).includes(cardImages(role, "test"));
}

function idIn({ path, body }: PlannedCall): string {
  return path.split("/subjects/")[1] ?? (body as { id: string }).id;
}

function unregisterCall(id: string): PlannedCall {
  return { operation: unregister, method: "DELETE", path: `/subjects/${id}`, purpose: "broken" };
}

function idOf(response: { body: Buffer }): string {
  return JSON.parse(response.body.toString()).id;
}

/** A provider with a list of the ids that it has registered. */
function knowing(tamper: (ids: string[], ...call: Parameters<Tamper>) => ReturnType<Tamper>): () => Tamper {
  return () => {
    const ids: string[] = [];
    return async (planned, send) => {
      const response = await tamper(ids, planned, send);
      if (planned.operation === register && response.status === 201) ids.push(idOf(response));
      return response;
    };
  };
}

const bounded = (planned: PlannedCall, change: object): PlannedCall => ({
  ...planned,
  body: { ...(planned.body as object), ...change },
});

/** Changes what extract measures in images of bob. */
function bobWith(figures: Attributes): () => Tamper {
  return answering<Extracted>(extract, ({ faces }, planned) => ({
    faces: faces.map(({ attributes }) => ({
      attributes: isOf("bob", planned) ? { ...attributes, ...figures } : attributes,
    })),
  }));
}
