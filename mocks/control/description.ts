import { call, type DescribedCall, inWorld, query } from "./describe.ts";
import { controlSchemas } from "./schemas.ts";

/**
 * The OpenAPI description of the control API. It is served as it stands; calls are routed and their
 * parameters are known by it.
 */
export const controlDescription = {
  openapi: "3.1.0",
  info: {
    title: "Control API of the mock",
    version: "1.0.0",
    description:
      "What test authors ask of the mock itself. A call is about the world that `world` or `x-necid-world` " +
      "names, or about the first one.",
  },
  servers: [{ url: "/__necid" }],
  security: [{}, { bearer: [] }, { token: [] }] as Record<string, string[]>[],
  paths: {
    "/health": { get: call("getHealth", "Whether the mock is up", { answers: { 200: "Health" } }) },
    "/openapi.json": { get: call("getDescription", "This description", { answers: { 200: "Description" } }) },
    "/state": {
      get: inWorld("getState", "All that the service keeps", { answers: { 200: "State", 409: "Refusal" } }),
      put: inWorld("loadState", "Replaces all that it keeps by what GET gave", {
        body: "State",
        answers: { 204: undefined, 409: "Refusal" },
      }),
    },
    "/state/seed": {
      post: inWorld("seedState", "Adds subjects, as a seed file lists them", {
        body: "Seed",
        answers: { 200: "Seeded", 409: "Refusal" },
      }),
    },
    "/state/reset": {
      post: inWorld(
        "resetWorld",
        "Back to the beginning: no subjects, faults, journal, coverage; real time",
        {
          answers: { 204: undefined },
        },
      ),
    },
    "/state/save": {
      post: inWorld("saveState", "Writes the state file now", {
        answers: { 204: undefined, 409: "Refusal" },
      }),
    },
    "/faults": {
      get: inWorld("listFaults", "The faults, as they were added", { answers: { 200: "Faults" } }),
      post: inWorld("addFault", "Adds a fault", { body: "FaultRule", answers: { 201: "Fault" } }),
      delete: inWorld("clearFaults", "Removes every fault and every scenario", {
        answers: { 204: undefined },
      }),
    },
    "/faults/{id}": {
      delete: inWorld("removeFault", "Removes a fault", { id: "A fault's id.", answers: { 204: undefined } }),
    },
    "/scenarios": {
      get: inWorld("listScenarios", "The active scenarios, and those that are built in", {
        answers: { 200: "Scenarios" },
      }),
      post: inWorld("addScenario", "Adds the faults of a scenario, a built-in one by its name", {
        body: "ScenarioRule",
        answers: { 201: "Scenario" },
      }),
      delete: inWorld("clearScenarios", "Removes every scenario with its faults", {
        answers: { 204: undefined },
      }),
    },
    "/scenarios/{id}": {
      delete: inWorld("removeScenario", "Removes a scenario with its faults", {
        id: "A scenario's name.",
        answers: { 204: undefined },
      }),
    },
    "/clock": {
      get: inWorld("getClock", "What time it is", { answers: { 200: "Clock" } }),
      put: inWorld("setClock", "Stops the clock at a time", { body: "SetClock", answers: { 200: "Clock" } }),
    },
    "/clock/advance": {
      post: inWorld("advanceClock", "Moves the clock; a stopped one stays stopped", {
        body: "AdvanceClock",
        answers: { 200: "Clock" },
      }),
    },
    "/clock/resume": {
      post: inWorld("resumeClock", "Back to real time", { answers: { 200: "Clock" } }),
    },
    "/journal": {
      get: inWorld("listCalls", "The last 1000 calls of the service, oldest first", {
        query: [
          query("operationId", { type: "string" }, "Only calls of this operation."),
          query("status", { type: "integer", minimum: 100 }, "Only calls answered with this status."),
          query("since", { type: "integer", minimum: 0 }, "Only calls after the one with this id."),
        ],
        answers: { 200: "Journal" },
      }),
      delete: inWorld("clearJournal", "Forgets every call and counts from 1 again", {
        answers: { 204: undefined },
      }),
    },
    "/coverage": {
      get: inWorld("getCoverage", "Which documented responses were sent, and how often", {
        answers: { 200: "Coverage" },
      }),
      delete: inWorld("clearCoverage", "Counts from 0 again", { answers: { 204: undefined } }),
    },
    "/worlds": {
      get: call("listWorlds", "The worlds, without their secrets", { answers: { 200: "Worlds" } }),
      post: call("createWorld", "Makes a world for one test", {
        body: "NewWorld",
        bodyRequired: false,
        answers: { 201: "World", 409: "Refusal" },
      }),
    },
    "/worlds/{id}": {
      delete: call("deleteWorld", "Frees a world; the first one stays", {
        id: "A world's id.",
        answers: { 204: undefined, 409: "Refusal" },
      }),
    },
  } as Record<string, Record<string, DescribedCall>>,
  components: {
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer" },
      token: { type: "apiKey", in: "header", name: "x-necid-control-token" },
    },
    schemas: controlSchemas(),
  },
};
