export { contractOf } from "../../mocks/testing/spec-contract.ts";
