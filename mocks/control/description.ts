import { integer, text } from "../../contracts/openapi/schema-parts.ts";
import { type DescribedOperation, describeInWorld, describeOperation, query } from "./describe.ts";
import { controlSchemas } from "./schemas.ts";

/**
 * The OpenAPI description of the control API. It is served as it stands; calls are routed by it, and their
 * queries and bodies are checked by its schemas.
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
    "/health": {
      get: describeOperation("getHealth", "Whether the mock is up", { responses: { 200: "Health" } }),
    },
    "/openapi.json": {
      get: describeOperation("getDescription", "This description", { responses: { 200: "Description" } }),
    },
    "/state": {
      get: describeInWorld("getState", "All that the service keeps", {
        responses: { 200: "State", 409: "ControlError" },
      }),
      put: describeInWorld("loadState", "Replaces all that it keeps by what GET returned", {
        body: "State",
        responses: { 204: undefined, 409: "ControlError" },
      }),
    },
    "/state/seed": {
      post: describeInWorld("seedState", "Adds subjects, as a seed file lists them", {
        body: "Seed",
        responses: { 200: "Seeded", 409: "ControlError" },
      }),
    },
    "/state/reset": {
      post: describeInWorld(
        "resetWorld",
        "Back to the beginning: no subjects, faults, journal, coverage; real time",
        {
          responses: { 204: undefined },
        },
      ),
    },
    "/state/save": {
      post: describeInWorld("saveState", "Writes the state file now", {
        responses: { 204: undefined, 409: "ControlError" },
      }),
    },
    "/provider-states": {
      post: describeInWorld("setUpProviderState", "Sets up a provider state for Pact's Verifier", {
        body: "ProviderState",
        responses: { 200: "ProviderStateValues", 409: "ControlError" },
      }),
    },
    "/faults": {
      get: describeInWorld("listFaults", "The faults, as they were added", { responses: { 200: "Faults" } }),
      post: describeInWorld("addFault", "Adds a fault", { body: "FaultRule", responses: { 201: "Fault" } }),
      delete: describeInWorld("clearFaults", "Removes every fault and every scenario", {
        responses: { 204: undefined },
      }),
    },
    "/faults/{id}": {
      delete: describeInWorld("removeFault", "Removes a fault", {
        id: "A fault's id.",
        responses: { 204: undefined },
      }),
    },
    "/scenarios": {
      get: describeInWorld("listScenarios", "The active scenarios, and those that are built in", {
        responses: { 200: "Scenarios" },
      }),
      post: describeInWorld("addScenario", "Adds the faults of a scenario, a built-in one by its name", {
        body: "ScenarioRule",
        responses: { 201: "Scenario" },
      }),
      delete: describeInWorld("clearScenarios", "Removes every scenario with its faults", {
        responses: { 204: undefined },
      }),
    },
    "/scenarios/{id}": {
      delete: describeInWorld("removeScenario", "Removes a scenario with its faults", {
        id: "A scenario's name.",
        responses: { 204: undefined },
      }),
    },
    "/clock": {
      get: describeInWorld("getClock", "What time it is", { responses: { 200: "Clock" } }),
      put: describeInWorld("setClock", "Stops the clock at a time", {
        body: "SetClock",
        responses: { 200: "Clock" },
      }),
    },
    "/clock/advance": {
      post: describeInWorld("advanceClock", "Moves the clock; a stopped one stays stopped", {
        body: "AdvanceClock",
        responses: { 200: "Clock" },
      }),
    },
    "/clock/resume": {
      post: describeInWorld("resumeClock", "Back to real time", { responses: { 200: "Clock" } }),
    },
    "/journal": {
      get: describeInWorld("listCalls", "The last 1000 calls of the service, oldest first", {
        query: [
          query("operationId", text, "Only calls of this operation."),
          query("status", integer({ minimum: 100 }), "Only calls whose response has this status."),
          query("since", integer({ minimum: 0 }), "Only calls after the one with this id."),
        ],
        responses: { 200: "Journal" },
      }),
      delete: describeInWorld("clearJournal", "Removes every entry and counts from 1 again", {
        responses: { 204: undefined },
      }),
    },
    "/coverage": {
      get: describeInWorld("getCoverage", "Which documented responses were sent, and how often", {
        responses: { 200: "Coverage" },
      }),
      delete: describeInWorld("clearCoverage", "Counts from 0 again", { responses: { 204: undefined } }),
    },
    "/worlds": {
      get: describeOperation("listWorlds", "The worlds, without their secrets", {
        responses: { 200: "Worlds" },
      }),
      post: describeOperation("createWorld", "Makes a world for one test", {
        body: "NewWorld",
        bodyRequired: false,
        responses: { 201: "World", 409: "ControlError" },
      }),
    },
    "/worlds/{id}": {
      delete: describeOperation("deleteWorld", "Frees a world; the first one stays", {
        id: "A world's id.",
        responses: { 204: undefined, 409: "ControlError" },
      }),
    },
  } as Record<string, Record<string, DescribedOperation>>,
  components: {
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer" },
      token: { type: "apiKey", in: "header", name: "x-necid-control-token" },
    },
    schemas: controlSchemas,
  },
};
