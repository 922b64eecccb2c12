import type { Figures } from "./figures.ts";
import { show } from "./show.ts";

/** On what the figures were measured, and whether they are to be trusted. */
export function verdict({ machine, run, doubts, rows }: Figures): string[] {
  const { processor, cores, node, date, loadAverageBefore } = machine;
  return [
    `${processor}, ${cores} cores, Node ${node}, ${date.slice(0, 10)}, load average before ${loadAverageBefore.toFixed(2)}, ${run.rounds} rounds in ${(run.took / 60).toFixed(1)} minutes, ${run.connections} connections, registrations of ${run.bodyBytes} bytes.`,
    ...(doubts.length > 0 ? doubts : steady(rows)),
  ];
}

/** Nothing is known of the machine where no load was measured. */
function steady(rows: Figures["rows"]): string[] {
  return rows.length > 0 ? ["The machine was steady enough to trust these figures."] : [];
}

/** The sentence that the bench is run for, or nothing where that was not measured. */
export function headline({ rows }: Figures): string | undefined {
  const row = rows.find(({ scenario, name }) => scenario === "register" && name.endsWith("strict"));
  if (!row) return undefined;
  const ratios = [
    row.toBare !== undefined && `${show.ratio(row.toBare)} of bare node:http`,
    row.toPrism !== undefined && `${show.ratio(row.toPrism)} times stock Prism CLI`,
    row.toWireMock !== undefined && `${show.ratio(row.toWireMock)} times WireMock's stub`,
  ].filter((ratio) => ratio !== false);
  const speed = `Signed, validated, stored registrations: ${show.count(row.requestsPerSecond)} a second`;
  return `${[speed, ...ratios, `p99 ${show.ms(row.p99Ms)}`].join(", ")}.`;
}
