/** Figures as a reader wants them; a question mark for what the system does not report. */
export const show = {
  count: (number: number) => Math.round(number).toLocaleString("en"),
  /** As many digits as are worth reading. */
  ms: (ms: number) =>
    ms < 0.1 ? `${ms.toFixed(3)} ms` : ms < 100 ? `${ms.toFixed(2)} ms` : `${show.count(ms)} ms`,
  megabytes: (bytes: number | undefined) => (bytes === undefined ? "?" : `${show.count(bytes / 1e6)} MB`),
  bytes: (bytes: number) => (bytes < 1e6 ? `${bytes / 1e3} kB` : `${bytes / 1e6} MB`),
  ratio: (ratio: number | undefined) =>
    ratio === undefined
      ? "–"
      : ratio < 1
        ? ratio.toFixed(3)
        : ratio < 100
          ? ratio.toFixed(2)
          : show.count(ratio),
  percent: (part: number) => `${Math.round(part * 100)} %`,
};
