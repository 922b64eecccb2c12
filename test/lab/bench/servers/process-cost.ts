import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Resident set of a process in bytes; undefined where the system does not report it. */
export function residentSet(pid: number): number | undefined {
  try {
    const kibibytes =
      process.platform === "linux"
        ? /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
        : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
    return Number(kibibytes) * 1024 || undefined;
  } catch {
    return undefined;
  }
}

/**
 * User and system time of a process in seconds, in steps of a hundredth; undefined where the system does not report it.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html fields 14 and 15; the second field may hold spaces.
 */
export function processorSeconds(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}
