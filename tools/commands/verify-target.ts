import { type Images, imageRoles } from "../../contracts/verify/run/session.ts";
import type { Target } from "../../contracts/verify/run/target.ts";
import { VerifyCommandError } from "./verify-command.ts";

/** Who is verified, and how careful we have to be. */
export type Subject = {
  /** As it was asked for: `mock`, `live` or a base URL. */
  name: string;
  target: Target;
  /** Paid, shared, and with people's faces in it. */
  live: boolean;
  /** What is registered there ends with it. */
  passing: boolean;
  images: Images;
  close(): Promise<void>;
};

type Env = Record<string, string | undefined>;

/**
 * Finds out who is meant, with which credentials and pictures; starts the mock where that is meant.
 *
 * @throws {VerifyCommandError} when something is missing or of the wrong form.
 */
export async function openSubject(
  { target: asked, faces }: { target: string; faces?: string },
  env: Env,
): Promise<Subject> {
  const [{ cardImages, imagesFrom }, { serverUrl }] = await Promise.all([
    import("../../contracts/necid/verify/images.ts"),
    import("#generated/necid-v1/client.js"),
  ]);
  const pictures = faces === undefined ? undefined : imagesFrom(faces);
  if (asked === "mock") return openMock(pictures ?? cardImages);

  const baseUrl = readUrl(asked === "live" ? (env.NECID_BASE_URL ?? serverUrl) : asked);
  const live = asked === "live" || new URL(baseUrl).host === new URL(serverUrl).host;
  const none: Images = () => undefined;
  return {
    name: asked,
    target: readTarget(baseUrl, { env, live }),
    live,
    passing: false,
    images: pictures ?? (live ? none : cardImages),
    close: async () => {},
  };
}

/**
 * Starts the mock here. As what another target is compared with, it has no more applications and pictures
 * than that one, so that the same calls can be made to both.
 */
export async function openMock(images: Images, like?: Subject): Promise<Subject> {
  const { startMock } = await import("../../mocks/mock.ts");
  const { credentials, apiKeys, url, close } = await startMock();
  const second = like && like.target.apiKeys[1] === undefined ? undefined : apiKeys[1];
  return {
    name: "mock",
    target: { ...scope, ...credentials, baseUrl: url, apiKeys: [apiKeys[0]!, second] },
    live: false,
    passing: true,
    images: like ? (role, run) => like.images(role, run) && images(role, run) : images,
    close,
  };
}

/** Whose picture a Base64 text is. */
export function roleIn({ images }: Subject, run: string) {
  return (text: string) => imageRoles.find((role) => images(role, run) === text);
}

/** Everything of a target that must be shown nowhere. */
export function secretsOf({ accessKeyId, secretAccessKey, sessionToken, apiKeys }: Target): string[] {
  return [accessKeyId, secretAccessKey, sessionToken, ...apiKeys].filter((secret) => secret !== undefined);
}

const scope = { region: "ap-southeast-2", service: "execute-api" };

function readUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new VerifyCommandError("--target must be mock, live or a base URL like https://host/v1.");
  }
  const { username, password, search, hash } = new URL(text);
  if (username || password || search || hash) {
    throw new VerifyCommandError("The base URL must have neither user and password nor a query.");
  }
  return text.replace(/\/+$/, "");
}

function readTarget(baseUrl: string, { env, live }: { env: Env; live: boolean }): Target {
  const given = live ? env : { ...mockCredentials(env), ...withoutEmpty(env) };
  const missing = wanted.filter((name) => !given[name]);
  if (missing.length > 0) {
    throw new VerifyCommandError(
      `${missing.join(", ")} must be set in the environment to verify ${baseUrl}.`,
    );
  }
  const wrong = [...wanted, ...optional].find((name) => given[name] && !/^[!-~]+$/.test(given[name]));
  if (wrong) {
    throw new VerifyCommandError(`${wrong} must be ASCII text without spaces and line breaks.`);
  }
  return {
    ...scope,
    baseUrl,
    accessKeyId: given.NECID_ACCESS_KEY_ID!,
    secretAccessKey: given.NECID_SECRET_ACCESS_KEY!,
    sessionToken: given.NECID_SESSION_TOKEN || undefined,
    apiKeys: [given.NECID_API_KEY!, given.NECID_API_KEY_2 || undefined],
  };
}

const wanted = ["NECID_ACCESS_KEY_ID", "NECID_SECRET_ACCESS_KEY", "NECID_API_KEY"];
const optional = ["NECID_SESSION_TOKEN", "NECID_API_KEY_2"];

/** What `necid mock` takes unless told otherwise; whoever has keys of their own has no second one of these. */
function mockCredentials({ NECID_API_KEY }: Env): Env {
  return {
    NECID_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    NECID_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    NECID_API_KEY: "necid-mock-application-key-0001",
    ...(!NECID_API_KEY && { NECID_API_KEY_2: "necid-mock-application-key-0002" }),
  };
}

function withoutEmpty(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value));
}
