import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type Env = Record<string, string | undefined>;

/** Runs a line in a shell, in this checkout, with credentials in the environment. */
export async function paste(line: string, env: Env): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", line], {
    env: { ...env, PATH: process.env.PATH, NO_COLOR: "1", npm_config_update_notifier: "false" },
  });
  return stdout;
}

/** The command of each group of mismatches that a report prints. */
export function printedCommands(report: string): string[] {
  return [...report.matchAll(/^ {2}again {5}(npm run -s call -- .*)$/gm)].map(([, line]) => line!);
}

/** What a command prints, without what is another each time: ids, times, ports, hashes. */
export function comparable(output: string): string {
  return output
    .replaceAll(/^(date|x-amzn-requestid|x-amz-apigw-id|x-amzn-trace-id|content-length): .*$/gm, "$1")
    .replaceAll(/\b(necid|event|batch)guid-[0-9A-Fa-f-]+/g, "$1guid")
    .replaceAll(/\d{8}T\d{6}Z/g, "<time>")
    .replaceAll(/\d{8}\/ap-southeast-2/g, "<day>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "<host>")
    .replaceAll(/[0-9a-f]{64}|[A-Za-z0-9+/]{43}=|\(\d+ characters, SHA-256 \w+…\)/g, "<hash>");
}
