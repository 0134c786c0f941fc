/** The measured figures. Times are in seconds or, where the name says so, in milliseconds. */
export interface Figures {
  rawReadSeconds: number;
  exportSeconds: number;
  exportRatioToRawRead: number;
  /** The largest resident set of any function process during the exports. */
  peakRssMiB: number;
  /** The factor by which that grows at five times the rows. */
  peakRssGrowth: number;
  naiveSeconds: number;
  naivePeakRssMiB: number;
  speedupOverNaive: number;
  smallReportP50Ms: number;
  createP99Ms: number;
}

/** The time from the start of a function's process to its first response, and its phases. */
export interface ColdStart {
  totalMs: number;
  /** Start of Node. */
  nodeMs: number;
  /** Loading of the Functions Framework. */
  frameworkMs: number;
  /** Loading of the function's modules, and creation of the clients that are not created on demand. */
  modulesMs: number;
  /** The first request, including modules loaded and connections opened on demand. */
  requestMs: number;
}

/** The percentile by the nearest-rank method; `fraction` is between 0 and 1. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);
