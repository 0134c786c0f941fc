/** What the bench measures; times in seconds or, where the name says so, milliseconds. */
export interface Figures {
  rawReadSeconds: number;
  exportSeconds: number;
  exportRatioToRawRead: number;
  /** The largest resident set of any function process, over the whole export. */
  peakRssMiB: number;
  /** That at five times the rows, as a multiple. */
  peakRssGrowth: number;
  naiveSeconds: number;
  naivePeakRssMiB: number;
  speedupOverNaive: number;
  smallReportP50Ms: number;
  createP99Ms: number;
}

/** From the start of a function's process to the answer to its first request, and the phases that make it up. */
export interface ColdStart {
  totalMs: number;
  /** Node itself. */
  nodeMs: number;
  /** The Functions Framework. */
  frameworkMs: number;
  /** The function's modules, and its clients as far as they are made at once. */
  modulesMs: number;
  /** The first request, with all that is loaded, and every connection that is made, for it. */
  requestMs: number;
}

/** The value below which `fraction` of the values lie (nearest rank). */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);
