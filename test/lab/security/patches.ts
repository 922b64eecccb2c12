// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text.

/** A change that undoes one mend: a text that stands once in a file of the product, and what stood there before. */
export type Patch = { undone: string; file: string; find: string; replace: string };

/** The mends of a heading, and the tests of which one must miss each of them. */
export type Heading = { heading: string; tests: string[]; patches: Patch[] };

/** Which of the tests looks at a file; it runs first. */
const nearest: [file: RegExp, test: string][] = [
  [/^contracts\/client\//, "client"],
  [/redact\.ts$|secrets\.ts$|terminal\.ts$|printable\.ts$/, "output"],
  [/tools\/commands\/verify/, "hostile-provider"],
  [/read\/|overlay/, "hostile-files"],
  [/mocks\/control|loopback/, "origins"],
  [/ledger|start-world|pact-file|init|write\.ts/, "planted-files"],
];

/** The tests of a heading in the order in which they are run without a mend. */
export function testsFor({ file }: Patch, tests: string[]): string[] {
  const first = nearest.find(([pattern, test]) => pattern.test(file) && tests.includes(test))?.[1];
  return first === undefined ? tests : [first, ...tests.filter((test) => test !== first)];
}

const patch = (undone: string, file: string, find: string, replace: string): Patch => ({
  undone,
  file,
  find,
  replace,
});

const references = "tools/generate/read/references.ts";
const description = "tools/generate/read/description.ts";
const files = "tools/generate/read/files.ts";
const cacheFolder = "contracts/trust/cache-folder.ts";
const ledger = "contracts/verify/run/ledger.ts";
const ledgerLock = "contracts/verify/run/ledger-lock.ts";
const terminal = "tools/commands/reader/terminal.ts";
const redact = "contracts/verify/report/redact.ts";
const secrets = "contracts/trust/secrets.ts";
const loopback = "contracts/trust/loopback.ts";
const access = "mocks/control/access.ts";
const options = "mocks/handle/check-options.ts";
const wire = "contracts/verify/wire.ts";
const caller = "contracts/verify/run/caller.ts";
const client = "contracts/client/client.ts";
const send = "contracts/client/send.ts";
const retry = "contracts/client/retry.ts";
const stateFile = "mocks/world/state-file.ts";
const target = "tools/commands/verify-target.ts";
const file = "tools/generate/read/file.ts";
const output = "tools/generate/output.ts";

export const headings: Heading[] = [
  {
    heading: "a description reads other files",
    tests: ["references"],
    patches: [
      patch(
        "references may lead out of the folder",
        references,
        "if (!access.folders.some((folder) => isBelow(real ?? file, folder))) {",
        "if (access.folders.length === 0) {",
      ),
      patch(
        "links are not resolved",
        references,
        "const real = realPath(file);",
        "const real: string | undefined = file;",
      ),
      patch("absolute paths are followed", references, "if (isAbsolute(uri)) {", "if (uri === undefined) {"),
      patch(
        "a URL is a path",
        references,
        "if (isUrl(uri)) throw new RefusedReferenceError(NOT_FETCHED);",
        "void [isUrl, NOT_FETCHED];",
      ),
      patch(
        "a mapping is copied as it is",
        description,
        "const ref = this.#mapped(String(name), place);",
        "const ref = name ?? this.#mapped(String(name), place);",
      ),
      patch(
        "externalValue is copied as it is",
        description,
        'new Set(["example.externalValue", "link.operationRef"])',
        'new Set(["link.operationRef"])',
      ),
      patch(
        "an overlay may bring in files",
        "tools/generate/read/contract.ts",
        "await readDescription(document, NO_FILES)",
        "await readDescription(document, (void NO_FILES, accessOf(document.file)))",
      ),
      patch(
        "examples are copied as they are",
        files,
        "if (!hasReferences(root)) return root;",
        "if (root !== undefined || !hasReferences(root)) return root;",
      ),
      patch(
        "--allow-refs opens everything",
        references,
        "[dirname(resolve(file)), ...allowRefs]",
        '[dirname(resolve(file)), ...allowRefs.map(() => "/")]',
      ),
    ],
  },
  {
    heading: "code from a shared folder",
    tests: ["compile-cache", "planted-files"],
    patches: [
      patch(
        "the cache is in the system's temporary folder",
        "contracts/trust/cache-folder.ts",
        'if (folder !== undefined) module.enableCompileCache?.(join(folder, "compiled"));',
        "module.enableCompileCache?.();\n  void folder;",
      ),
      patch("the mode is not looked at", cacheFolder, "(status.mode & 0o077) !== 0", "status.mode === 0"),
      patch(
        "links are followed",
        cacheFolder,
        "const status = lstatSync(folder);",
        "const status = statSync(folder);",
      ),
      patch(
        "the folders above are not looked at",
        cacheFolder,
        "if ((mode & 0o022) !== 0 && !isSticky) return false;",
        "void [mode, isSticky];",
      ),
      patch(
        "the owner above is not looked at",
        cacheFolder,
        "if (uid !== user && uid !== 0) return false;",
        "void uid;",
      ),
      patch("the owner is not looked at", cacheFolder, "status.uid !== user", "status.uid < 0"),
      patch(
        "the ledger's draft has a foreseeable name",
        ledger,
        "const draft = `${file}.${randomUUID()}`;",
        "void randomUUID;\n  const draft = `${file}.new`;",
      ),
      patch(
        "a pact's draft has a foreseeable name",
        "mocks/world/pact-file.ts",
        "const draft = `${file}.${randomUUID()}.tmp`;",
        "void randomUUID;\n  const draft = `${file}.${process.pid}.tmp`;",
      ),
      patch(
        "what a test covers is in a file with a foreseeable name",
        "mocks/testing/start-world.ts",
        "const coverageFile = `${randomUUID()}.jsonl`;",
        "void randomUUID;\nconst coverageFile = `${process.pid}.jsonl`;",
      ),
      patch(
        "a link to nothing is followed when a project begins",
        "tools/commands/project/init.ts",
        'writeFileSync(path, text, { flag: "wx" });',
        "writeFileSync(path, text);",
      ),
      patch(
        "a report is written through a link",
        "contracts/verify/report/write.ts",
        'const draft = join(directory, `.${name}.${randomUUID()}`);\n    await writeFile(draft, text, { flag: "wx" });',
        "void randomUUID;\n    const draft = join(directory, name);\n    await writeFile(draft, text);",
      ),
    ],
  },
  {
    heading: "an empty secret",
    tests: ["control-token", "origins"],
    patches: [
      patch(
        "an empty token is none",
        options,
        "if (controlToken === undefined) return;",
        'if (controlToken === undefined || controlToken === "") return;',
      ),
      patch(
        "an empty host is every host",
        options,
        'typeof host !== "string" || host.trim() === ""',
        'typeof host !== "string"',
      ),
      patch(
        "any port of this machine is the own origin",
        access,
        "hosts.some((host) => origin === `http://${host}${port && `:${port}`}`)",
        "hosts.some((host) => void port === undefined && origin.startsWith(`http://${host}`))",
      ),
      patch(
        "a browser's word for the site is not looked at",
        access,
        'site !== "same-origin" && site !== "none"',
        'site === "never"',
      ),
      patch("octets may be larger than 255", loopback, " && Number(label) <= 255", ""),
      patch(
        "the beginning of the token is enough",
        access,
        "timingSafeEqual(digest(given), digest(token))",
        '(void [timingSafeEqual, digest], given !== "" && token.startsWith(given))',
      ),
      patch(
        "the Host is not looked at",
        access,
        "if (host !== undefined && !isLoopback(host))",
        "if (host === null)",
      ),
    ],
  },
  {
    heading: "one answer hangs the verifier",
    tests: ["verifier-hang", "client", "output"],
    patches: [
      patch(
        "a pact from a URL has no size",
        "contracts/verify/pact/fetch-text.ts",
        "if (size <= maxBytes) continue;",
        "if (size <= 1e12) continue;",
      ),
      patch(
        "a pact from a URL has no time",
        "contracts/verify/pact/fetch-text.ts",
        "AbortSignal.timeout(timeoutMs)",
        "AbortSignal.timeout(timeoutMs * 1e4)",
      ),
      patch(
        "a pact may be a pipe",
        "contracts/verify/pact/sources.ts",
        'if (!found?.isFile()) throw new PactFileError(file, "is no regular file");',
        'if (!found) return "";',
      ),
      patch(
        "an unforeseen error has no report",
        "contracts/verify/run/run.ts",
        "    outcome.stopped = stopOf(error as Error);",
        "    void stopOf;\n    throw error;",
      ),
      patch(
        "Retry-After shortens the client's wait",
        retry,
        "const delay = Math.max(retryAfterMs, ",
        "const delay = retryAfterMs > 0 ? retryAfterMs : (",
      ),
      patch(
        "101 is no response",
        wire,
        'outgoing.on("upgrade", (incoming, socket) => {',
        'outgoing.on("continue" as "upgrade", (incoming, socket) => {',
      ),
      patch(
        "a body has no limit",
        wire,
        "const longestBody = 32 * 1024 * 1024;",
        "const longestBody = Number.POSITIVE_INFINITY;",
      ),
      patch(
        "the chunks of a body are kept one by one",
        wire,
        "chunk.copy(body, size);",
        "chunk.copy(body, size);\n          ((globalThis as any).kept ??= []).push(chunk);",
      ),
      patch(
        "Retry-After may be near zero",
        caller,
        "const least = 50 * 2 ** Math.min(attempt, 7);",
        "const least = attempt - attempt;",
      ),
      patch(
        "a call has no time limit",
        wire,
        "const deadline = AbortSignal.timeout(timeoutMs);",
        "const deadline = AbortSignal.timeout(timeoutMs * 1e4);",
      ),
      patch("a body of the client has no limit", send, "if (end > limit) {", "if (end > 1e12) {"),
      patch(
        "the client's waits have no cap",
        retry,
        "waitedMs + delay > longestWaitsMs",
        "longestWaitsMs === 0",
      ),
      patch(
        "the client waits an hour",
        retry,
        "const longestRetryAfterMs = 60_000;",
        "const longestRetryAfterMs = 3_600_000;",
      ),
      patch(
        "words are tested by one exponential expression",
        redact,
        "return parts.length > 0 && parts.every((part) => word.test(part));",
        "void parts;\n  return /^(?:[/_-]?(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\\d{0,3}|\\d{1,5}))+$/.test(text);",
      ),
    ],
  },
  {
    heading: "output round the redaction",
    tests: ["output", "hostile-provider"],
    patches: [
      patch(
        "stdout shows secrets",
        terminal,
        "stdout: (text) => write(stdout, withoutCommands(printable(redact(text)))),",
        "stdout: (text) => write(stdout, withoutCommands(printable(text))),",
      ),
      patch(
        "what --clean prints shows the access key",
        "tools/commands/verify.ts",
        'const terminal = withSecrets(given, [env.NECID_ACCESS_KEY_ID ?? ""]);',
        "void withSecrets;\n  const terminal = given;",
      ),
      patch(
        "workflow commands are printed",
        terminal,
        '.replaceAll(/(^|\\n)([^\\S\\n]*):(?=:)/g, "$1$2: ")',
        "",
      ),
      patch("the older form of commands is printed", terminal, '.replaceAll("##[", "## [")', ""),
      patch(
        "styled text may hold any sequence",
        terminal,
        "(index % 2 === 1 ? part : printable(part))",
        "(index >= 0 ? part : printable(part))",
      ),
      patch(
        "bidi controls are printed",
        "contracts/trust/printable.ts",
        "[\\p{C}\\p{Zl}\\p{Zp}]/gu",
        "[\\p{Cc}]/gu",
      ),
      patch(
        "escapes are decoded once",
        secrets,
        "for (let times = 0; times < 3; times++) {",
        "for (let times = 0; times < 1; times++) {",
      ),
      patch(
        "secrets are found in one piece only",
        secrets,
        "searchPieces(joined(form), searched.joined);",
        "",
      ),
      patch("numbers are not read", secrets, "searchPieces(numbers(form), searched.numbers);", ""),
      patch(
        "what replaces a secret is searched again",
        secrets,
        "return shown + text.slice(at);",
        'return (shown + text.slice(at)).replaceAll("e", "(secret)");',
      ),
      patch(
        "file names are replaced",
        redact,
        "outside(redacted, isKept, redactImages)",
        "(void outside, void isKept, redactImages(redacted))",
      ),
      patch(
        "pictures are shown",
        redact,
        "rest.replace(pattern, (run) => (items(run) < least ? run : fingerprint(run))),",
        "(void [pattern, least, items, fingerprint], rest),",
      ),
      patch(
        "a comparison is printed as it came",
        "tools/commands/verify-compare.ts",
        "redact(shown(difference, [first.name, second.name]))",
        "shown(difference, [first.name, second.name])",
      ),
    ],
  },
  {
    heading: "the client's clock",
    tests: ["client"],
    patches: [
      patch(
        "any time is taken",
        client,
        "if (right === undefined || Math.abs(right - time) > day) return undefined;",
        "if (right === undefined || day === 0) return undefined;",
      ),
      patch(
        "a time is kept before it is accepted",
        client,
        "if (isSigned && isAccepted(result)) knownOffset = offset;",
        "void isAccepted;\n      knownOffset = offset;",
      ),
      patch(
        "a 429 shows that a signature is accepted",
        client,
        "new Set([403, 413, 429])",
        "new Set([403, 413])",
      ),
      patch(
        "a 502 shows that a signature is accepted",
        client,
        'result.kind === "response" && result.status < 500',
        'result.kind === "response"',
      ),
      patch(
        "http is allowed to every host",
        loopback,
        'protocol === "https:" || isLoopbackHost(hostname)',
        'protocol !== "" || isLoopbackHost(hostname)',
      ),
    ],
  },
  {
    heading: "faces left behind",
    tests: ["faces-left"],
    patches: [
      patch(
        "a ledger that is gone ends at once",
        ledger,
        "    apply(registrations, line);\n    try {\n      write(line);",
        "    write(line);\n    try {\n      apply(registrations, line);",
      ),
      patch(
        "SIGHUP ends at once",
        "tools/commands/verify.ts",
        'const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;',
        'const signals = ["SIGINT", "SIGTERM"] as const;',
      ),
      patch("EPIPE ends at once", terminal, 'stream.on("error", () => {', 'stream.on("finish", () => {'),
      patch(
        "nobody hears that the output is closed",
        terminal,
        "for (const listener of listeners) listener();",
        "void listeners.size;",
      ),
      patch(
        "lines of everybody count",
        ledger,
        "return expected.length === given.length && timingSafeEqual(expected, given);",
        "return expected.length > 0 || timingSafeEqual(expected, given);",
      ),
      patch(
        "a file without a header is a ledger",
        ledger,
        "if (lines[0] !== header) throw otherKind(file);",
        "if (lines[0] !== header) return content;",
      ),
      patch(
        "a lock may be held twice",
        ledgerLock,
        "if (holder !== undefined) throw inUse(file, holder);",
        "void holder;",
      ),
      patch(
        "a subject that was there before is ours",
        "contracts/verify/run/session.ts",
        "named !== undefined && others.has(named)",
        "named !== undefined && others.size < 0",
      ),
      patch(
        "an id may lead to another place",
        "contracts/necid/verify/registering.ts",
        "!/^\\.{0,2}$/.test(value)",
        'value !== ""',
      ),
      patch(
        "a lock may be a pipe",
        ledgerLock,
        "statSync(lock, { throwIfNoEntry: false })?.isFile()",
        "(void statSync, existsSync(lock))",
      ),
      patch(
        "what no key signed is read",
        ledger,
        'return isLine(line) && typeof signed.mac === "string"',
        'return (isLine(line) || true) && typeof signed.mac === "string"',
      ),
      patch(
        "nothing is settled at the end",
        "contracts/verify/run/run.ts",
        "outcome.orphans = await settleAfterAll(session, options);",
        "void settleAfterAll;",
      ),
    ],
  },
  {
    heading: "live by name",
    tests: ["live-consent"],
    patches: [
      patch(
        "only the name live is live",
        target,
        'const live = name === "live" || remote;',
        'const live = name === "live";',
      ),
      patch(
        "keys are sent unencrypted",
        target,
        "if (!isSecure(new URL(baseUrl)) && !allowInsecure) {",
        "if (!isSecure(new URL(baseUrl)) && allowInsecure === null) {",
      ),
      patch(
        "what begins with 127. is this machine",
        loopback,
        'labels.length === 4 && labels[0] === "127" && labels.every(isOctet)',
        '(void isOctet, labels[0] === "127")',
      ),
      patch(
        "a dot at the end is this machine",
        loopback,
        'hostname.split(".")',
        'hostname.replace(/\\.$/, "").split(".")',
      ),
    ],
  },
  {
    heading: "slow by construction",
    tests: ["slow-patterns", "hostile-files"],
    patches: [
      patch(
        "what ends is fast",
        "contracts/trust/pattern-cost.ts",
        'if (!hasRepeat(part)) return lengthOfManyWays(automaton, letters.length) ? "exponential" : "linear";',
        'if (!hasRepeat(part)) return "linear";',
      ),
      patch(
        "each polynomial time is short for 2000 characters",
        "contracts/trust/pattern-cost.ts",
        "lengthOfManyWays(automatonOf(part), LONGEST) ?? LONGEST",
        "LONGEST",
      ),
      patch(
        "an overlay may have any pattern",
        "tools/generate/read/overlay.ts",
        "if (slow) throw refuse(slow);",
        "void slow;",
      ),
      patch(
        "no pattern is slow",
        "tools/generate/validators/slow-patterns.ts",
        "return length === Number.POSITIVE_INFINITY ? [] : [[pattern, length] as const];",
        "return length >= 0 ? [] : [[pattern, length] as const];",
      ),
      patch(
        "Prism gets every pattern",
        "tools/generate/validators/slow-patterns.ts",
        "if (slow.length === 0) return openapi;",
        "if (slow.length >= 0) return openapi;",
      ),
      patch(
        "nobody is warned of slow patterns",
        "tools/generate/validators/slow-patterns.ts",
        "return exponentialIn(openapi).map(({ pattern, at }) => ({",
        "return exponentialIn(openapi).slice(1e9).map(({ pattern, at }) => ({",
      ),
      patch(
        "aliases have no limit",
        "tools/generate/read/plain-json.ts",
        "const MOST_ALIASED = 100_000;",
        "const MOST_ALIASED = 1e12;",
      ),
      patch(
        "a file has no limit",
        file,
        "if (status.size > maxBytes) throw new UnreadableFileError(tooLarge(maxBytes));",
        "",
      ),
      patch(
        "special files are read",
        file,
        'if (!status.isFile()) throw new UnreadableFileError("This is not a regular file.");',
        "",
      ),
      patch(
        "a pipe is waited for",
        file,
        "constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)",
        "constants.O_RDONLY",
      ),
      patch(
        "nothing is too long",
        "tools/generate/read/limits.ts",
        "{ path: 2000, pattern: 5000, members: 500 }",
        "{ path: 1e9, pattern: 1e9, members: 1e9 }",
      ),
      patch(
        "JSON may be nested without an end",
        "tools/generate/read/plain-json.ts",
        "if (open.size === MOST_LEVELS) throw",
        "if (open.size === 1e9) throw",
      ),
    ],
  },
  {
    heading: "generated code from odd names",
    tests: ["generated-names"],
    patches: [
      patch(
        "__proto__ sets the prototype",
        "tools/generate/emit/literals.ts",
        'return name === "__proto__" ? `[${text}]` : text;',
        "return text;",
      ),
      patch(
        "a file name may end its comment",
        "tools/generate/emit/literals.ts",
        "return text\n    .replaceAll(",
        "return text;\n  text\n    .replaceAll(",
      ),
      patch(
        "tables inherit from Object",
        "tools/generate/emit/validators.ts",
        "= {\\n  __proto__: null,\\n${rows}};\\n`",
        "= {\\n${rows}};\\n`",
      ),
      patch(
        "known formats inherit from Object",
        "tools/generate/validators/ajv.ts",
        "    __proto__: null,\n    ...formats",
        "    ...formats",
      ),
      patch(
        "values inherit from Object",
        "tools/generate/validators/ajv.ts",
        "ownProperties: inherited,",
        "ownProperties: inherited && false,",
      ),
      patch(
        "exports are found by a regular expression",
        "tools/generate/emit/validators.ts",
        "const body = await code();",
        'const body = (await code()).replaceAll("export const ", "const ");',
      ),
      patch(
        "files of others are overwritten",
        output,
        "if (foreign && !force) throw new ForeignFileError(join(out, foreign));",
        "void force;",
      ),
    ],
  },
  {
    heading: "the state file",
    tests: ["state-file"],
    patches: [
      patch(
        "a link is replaced",
        stateFile,
        "return await realpath(path);",
        "return (await realpath(path), path);",
      ),
      patch(
        "a link to nothing is replaced",
        stateFile,
        "return link === undefined ? path : targetOf(",
        "return link !== null ? path : targetOf(",
      ),
      patch(
        "special files are read",
        stateFile,
        "if (found && !found.isFile() && !found.isDirectory())",
        "if (found && found.isFIFO === null)",
      ),
      patch(
        "the draft has a foreseeable name",
        stateFile,
        'const unfinished = `${target}.${process.pid}.${randomBytes(8).toString("hex")}.tmp`;\n    const file = await open(unfinished, "wx", 0o600);',
        'void randomBytes;\n    const unfinished = `${target}.${process.pid}.tmp`;\n    const file = await open(unfinished, "w", 0o600);',
      ),
      patch(
        "a full disk ends with 0",
        stateFile,
        "return failure;\n    },",
        "return failure && undefined;\n    },",
      ),
      patch(
        "a draft on a full disk is left",
        stateFile,
        "await rm(unfinished, { force: true });\n      throw error;",
        "throw error;",
      ),
      patch(
        "the file is written in place",
        stateFile,
        'const file = await open(unfinished, "wx", 0o600);',
        'await rm(target, { force: true });\n    const file = await open(unfinished, "wx", 0o600);',
      ),
      patch(
        "what failed once is not tried again",
        stateFile,
        "if (failure || unsavedSince !== undefined) await write",
        "if (unsavedSince !== undefined) await write",
      ),
    ],
  },
  {
    heading: "the supply chain",
    tests: ["supply-chain"],
    patches: [
      patch("the action runs install scripts", "action.yml", "npm ci --ignore-scripts", "npm ci"),
      patch(
        "Prism is a peer that npm installs",
        "package.json",
        '    "@stoplight/prism-http": {\n      "optional": true\n    },\n',
        "",
      ),
      patch(
        "an install script of ours",
        "package.json",
        '"prepack": "npm run build",',
        '"prepack": "npm run build",\n    "postinstall": "node -e 0",',
      ),
      patch(
        "Prism arrives with the package, and its install script",
        "package.json",
        '"ajv-formats": "3.0.1",',
        '"ajv-formats": "3.0.1",\n    "@stoplight/prism-http": "5.16.0",',
      ),
      patch("a range", "package.json", '"ajv": "8.20.0"', '"ajv": "^8.20.0"'),
      patch(
        "optional packages are installed with their scripts",
        "contracts/openapi/optional-packages.ts",
        "npm i -D --ignore-scripts ",
        "npm i -D ",
      ),
    ],
  },
];
