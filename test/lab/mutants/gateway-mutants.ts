import type { Signing } from "../../../contracts/verify/check.ts";
import {
  answered,
  at,
  type Change,
  extract,
  health,
  type Mutant,
  mutantsOf,
  type Row,
  register,
  search,
  unregister,
  update,
  verify,
  withBody,
  withHeader,
} from "./mutant.ts";
import type { Alter } from "./proxy.ts";

/**
 * Gateways that let through what they must refuse, refuse what they must let through, or say it otherwise.
 *
 * How a signature is judged is one gateway's matter, not an operation's: the probes ask it of two, and so
 * only these two have such mutants here.
 */
export function gatewayMutants(): Mutant[] {
  return mutantsOf("gateway", rows);
}

/** Takes a call with a fault as if it were good. */
function lets(signing: Signing): Alter {
  return ({ planned, send }) =>
    planned.signing === signing && !planned.headers ? send({ signing: "good" }) : send();
}

/** Changes the refusal of a call with a fault. */
function refuses(signing: Signing, change: Change): Alter {
  return async ({ planned, send }) => {
    const response = await send();
    return planned.signing === signing && response.status === 403 ? change(response, planned) : response;
  };
}

const message = (text: string | ((said: string) => string)) => at("/message", text);
const errorType =
  (name?: string): Change =>
  (response) =>
    withHeader(response, "x-amzn-errortype", name);
const status =
  (number: number): Change =>
  (response) => ({ ...response, status: number });
const missingToken = { message: "Missing Authentication Token" };
const spaced: Change = (response) => withBody(response, String(response.body).replace(":", ": "));

const always =
  (change: Change): Alter =>
  async ({ planned, send }) =>
    change(await send(), planned);
const demandsSignature: Alter = async ({ planned, send }) =>
  planned.signing === "none" ? answered(await send(), 403, missingToken) : send();

const rows: Row[] = [
  [verify, "verify-unsigned", "an unsigned call is let through", lets("none")],
  [register, "register-unsigned", "an unsigned call is let through", lets("none")],
  [search, "search-no-key", "a call without an API key is let through", lets("no api key")],
  [extract, "extract-unknown-key", "an unknown API key is let through", lets("unknown api key")],
  [unregister, "unregister-expired", "an expired signature is let through", lets("expired")],
  [update, "update-future", "a signature of the future is let through", lets("future")],
  [update, "update-secret", "another secret is let through", lets("wrong secret")],
  [update, "update-tampered", "a body changed after signing is let through", lets("tampered body")],
  [unregister, "unregister-region", "another region is let through", lets("wrong region")],
  [unregister, "unregister-service", "another service is let through", lets("wrong service")],
  [update, "update-access-key", "an unknown access key is let through", lets("unknown access key")],
  [register, "register-401", "an unsigned call answers 401", refuses("none", status(401))],
  [
    register,
    "register-unauthorized",
    "an unsigned call is answered Unauthorized",
    refuses("none", message("Unauthorized")),
  ],
  [
    extract,
    "extract-key-message",
    "an unknown API key is named",
    refuses("unknown api key", message("Invalid API Key")),
  ],
  [extract, "extract-key-401", "a missing API key answers 401", refuses("no api key", status(401))],
  [search, "search-no-error-type", "x-amzn-errortype is missing", refuses("none", errorType())],
  [
    search,
    "search-html",
    "a refusal is a page",
    refuses("none", (response) =>
      withHeader(withBody(response, "<h1>403</h1>"), "content-type", "text/html"),
    ),
  ],
  [verify, "verify-space", "a refusal has a space that it should not have", refuses("no api key", spaced)],
  [
    unregister,
    "unregister-expired-message",
    "an expired signature is refused without times",
    refuses("expired", message("Signature expired")),
  ],
  [
    unregister,
    "unregister-window",
    "the window of a signature is fifteen minutes",
    refuses(
      "expired",
      message((said) => said.replace("5 min", "15 min")),
    ),
  ],
  [
    unregister,
    "unregister-secret-type",
    "another secret has another error type",
    refuses("wrong secret", errorType("SignatureDoesNotMatch")),
  ],
  [
    update,
    "update-secret-message",
    "the canonical request is missing",
    refuses(
      "wrong secret",
      message((said) => said.split("\n")[0]!),
    ),
  ],
  [
    update,
    "update-region-message",
    "a region lacks its trailing space",
    refuses(
      "wrong region",
      message((said) => said.trimEnd()),
    ),
  ],
  [
    update,
    "update-unknown-key-type",
    "an unknown access key has another error type",
    refuses("unknown access key", errorType("InvalidClientTokenId")),
  ],
  [
    "GET /no-such-path",
    "unknown-path-404",
    "an unknown path answers 404",
    always((response) => answered(response, 404, { message: "Not Found" })),
  ],
  [
    "GET /subjects",
    "wrong-method-405",
    "a wrong method answers 405",
    always((response) => answered(response, 405, { message: "Method Not Allowed" })),
  ],
  [
    "GET /face/verify",
    "wrong-method-message",
    "a wrong method is answered Forbidden",
    always(message("Forbidden")),
  ],
  [health, "health-signed", "health wants a signature", demandsSignature],
  ["OPTIONS /subjects", "preflight-signed", "a preflight wants a signature", demandsSignature],
];
