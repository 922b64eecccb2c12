import * as validators from "#generated/necid-v1/validators.js";
import { createValidation, type Validators } from "../../contracts/openapi/validation.ts";

/** NEC ID's contract, to check responses by without waiting. */
export const validation = createValidation(validators as unknown as Validators);
