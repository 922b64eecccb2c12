import type { NecIdVersion } from "../../contracts/necid/contract.ts";
import { necIdScope, scopeOfHost } from "../../contracts/openapi/scope.ts";
import { isLoopbackHost, isSecure } from "../../contracts/trust/loopback.ts";
import type { ImageRole } from "../../contracts/verify/check.ts";
import { type Images, imageRoles } from "../../contracts/verify/run/session.ts";
import type { Target } from "../../contracts/verify/run/target.ts";
import { mockApiKeys, mockCredentials } from "../../mocks/world/credentials.ts";
import { VerifyCommandError } from "./verify-command.ts";

/** The target of a verification, ready for calls. */
export type OpenTarget = {
  /** As the command names it: `mock`, `live` or a base URL. */
  name: string;
  /** The version of the contract that it is verified against. */
  version: NecIdVersion;
  target: Target;
  /** Not on this machine: it may be paid and shared, with people's faces in it. */
  live: boolean;
  /** Its registrations end with it. */
  ephemeral: boolean;
  images: Images;
  close(): Promise<void>;
};

type Env = Record<string, string | undefined>;

/**
 * Opens the target that the command names, with its credentials and pictures. Starts the mock for `mock`.
 *
 * @throws {VerifyCommandError} when something is missing or of the wrong form.
 */
export async function openTarget(
  {
    target: name,
    faces,
    contract,
    allowInsecure,
    region,
    service,
  }: {
    target: string;
    faces?: string;
    contract?: NecIdVersion;
    allowInsecure?: boolean;
    region?: string;
    service?: string;
  },
  env: Env,
): Promise<OpenTarget> {
  const version = contract ?? versionIn(name === "live" ? (env.NECID_BASE_URL ?? "") : name);
  const [{ cardImages, imagesFrom }, { serverUrl }] = await Promise.all([
    import("../../contracts/necid/verify/images.ts"),
    version === "v1" ? import("#generated/necid-v1/client.js") : import("#generated/necid-v1.1/client.js"),
  ]);
  const pictures = faces === undefined ? undefined : imagesFrom(faces);
  if (name === "mock") return openMock(pictures ?? cardImages, { version });

  const baseUrl = readUrl(name === "live" ? (env.NECID_BASE_URL ?? serverUrl) : name);
  const remote = !isLoopbackHost(new URL(baseUrl).hostname);
  const live = name === "live" || remote;
  if (!isSecure(new URL(baseUrl)) && !allowInsecure) {
    throw new VerifyCommandError(
      `${baseUrl} would send keys and faces unencrypted. Use https, or --allow-insecure in a test network.`,
    );
  }
  const none: Images = () => undefined;
  return {
    name,
    version,
    target: { ...readTarget(baseUrl, { env, live }), ...(region && { region }), ...(service && { service }) },
    live,
    ephemeral: false,
    images: pictures ?? (live ? none : cardImages),
    close: async () => {},
  };
}

/**
 * Starts the mock here. As what another target is compared with, it has no more applications and pictures
 * than that one, so that the same calls can be made to both.
 */
export async function openMock(
  images: Images,
  { version, like }: { version: NecIdVersion; like?: OpenTarget },
): Promise<OpenTarget> {
  const { startMock } = await import("../../mocks/mock.ts");
  const { credentials, apiKeys, urls, close } = await startMock();
  const second = like && like.target.apiKeys[1] === undefined ? undefined : apiKeys[1];
  return {
    name: "mock",
    version,
    target: {
      ...necIdScope,
      ...credentials,
      baseUrl: urls[`necid-${version}`]!,
      apiKeys: [apiKeys[0]!, second],
    },
    live: false,
    ephemeral: true,
    images: like ? (role, run) => like.images(role, run) && images(role, run) : images,
    close,
  };
}

function versionIn(baseUrl: string): NecIdVersion {
  return /\/v1\.1\/?$/.test(baseUrl) ? "v1.1" : "v1";
}

/** Whose picture a Base64 text is. */
export function roleIn({ images }: OpenTarget, run: string) {
  return (text: string) => imageRoles.find((role) => images(role, run) === text);
}

/**
 * What `necid call` needs to repeat a call: the options that name the target, and what stands for a picture.
 * Face cards are named without the prefix of the run.
 */
export async function callingOf(
  { name, target, live }: OpenTarget,
  {
    faces,
    contract,
    allowInsecure,
    region,
    service,
  }: {
    faces?: string;
    contract?: NecIdVersion;
    allowInsecure?: boolean;
    region?: string;
    service?: string;
  },
) {
  const { imageFile } = await import("../../contracts/necid/verify/images.ts");
  const { necIdEffect } = await import("../../contracts/necid/verify/undo.ts");
  const { faceListOfRole } = await import("../../contracts/necid/faces/roles.ts");
  const isCard = faces === undefined && !live;
  return {
    // From a checkout there is no package to call.
    command: import.meta.filename.endsWith(".ts") ? "npm run -s call --" : "npx necid call",
    target: [
      ...["--target", name === "mock" ? "mock" : target.baseUrl],
      ...(contract === undefined ? [] : ["--contract", contract]),
      ...(allowInsecure ? ["--allow-insecure"] : []),
      ...(region === undefined ? [] : ["--region", region]),
      ...(service === undefined ? [] : ["--service", service]),
    ],
    effectOf: necIdEffect,
    imageOf: (role: ImageRole) =>
      isCard
        ? `face ${faceListOfRole(role)}`
        : `file ${(faces !== undefined && imageFile(faces, role)) || `${role}.jpg`}`,
  };
}

/** Everything of a target that must be shown nowhere. */
export function secretsOf({ accessKeyId, secretAccessKey, sessionToken, apiKeys }: Target): string[] {
  return [accessKeyId, secretAccessKey, sessionToken, ...apiKeys].filter((secret) => secret !== undefined);
}

function readUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) {
    throw new VerifyCommandError("--target must be mock, live or a base URL like https://host/v1.");
  }
  const { username, password, search, hash } = new URL(text);
  if (username || password || search || hash) {
    throw new VerifyCommandError("The base URL must have neither user and password nor a query.");
  }
  return text.replace(/(?<!\/)\/+$/, "");
}

function readTarget(baseUrl: string, { env, live }: { env: Env; live: boolean }): Target {
  const given = live ? env : { ...mockEnvironment(env), ...withoutEmpty(env) };
  const missing = required.filter((name) => !given[name]);
  if (missing.length > 0) {
    throw new VerifyCommandError(
      `${missing.join(", ")} must be set in the environment to verify ${baseUrl}.`,
    );
  }
  const wrong = [...required, ...optional].find((name) => given[name] && !/^[!-~]+$/.test(given[name]));
  if (wrong) {
    throw new VerifyCommandError(`${wrong} must be ASCII text without spaces and line breaks.`);
  }
  return {
    ...(scopeOfHost(new URL(baseUrl).hostname) ?? necIdScope),
    baseUrl,
    accessKeyId: given.NECID_ACCESS_KEY_ID!,
    secretAccessKey: given.NECID_SECRET_ACCESS_KEY!,
    sessionToken: given.NECID_SESSION_TOKEN || undefined,
    apiKeys: [given.NECID_API_KEY!, given.NECID_API_KEY_2 || undefined],
  };
}

const required = ["NECID_ACCESS_KEY_ID", "NECID_SECRET_ACCESS_KEY", "NECID_API_KEY"];
const optional = ["NECID_SESSION_TOKEN", "NECID_API_KEY_2"];

/** The defaults of `necid mock`. A target with an API key of its own gets no second one of these. */
function mockEnvironment({ NECID_API_KEY }: Env): Env {
  return {
    NECID_ACCESS_KEY_ID: mockCredentials.accessKeyId,
    NECID_SECRET_ACCESS_KEY: mockCredentials.secretAccessKey,
    NECID_API_KEY: mockApiKeys[0],
    ...(!NECID_API_KEY && { NECID_API_KEY_2: mockApiKeys[1] }),
  };
}

function withoutEmpty(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value));
}
