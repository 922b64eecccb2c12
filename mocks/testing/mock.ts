export * from "../mock.ts";
export { type NecIdMatchers, necIdMatchers } from "./matchers.ts";
export type { NextResponse, NextResponses } from "./next.ts";
export type { OperationName } from "./operations.ts";
export { type StartedWorld, type StartWorldOptions, startWorld } from "./start-world.ts";
export type { TestWorld, TestWorldOptions, UnhandledCalls } from "./test-world.ts";
