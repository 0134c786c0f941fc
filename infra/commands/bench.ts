import { execFile } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { type ColdStart, type Figures, median } from '../bench/figures.ts';
import { measureColdStarts } from '../bench/measure-cold-start.ts';
import { measureExport, measureRawRead, peakRssMiB } from '../bench/measure-export.ts';
import { measureCreate, measureSmallReport } from '../bench/measure-latency.ts';
import { measureNaive } from '../bench/measure-naive.ts';
import type { WebhookEndpoint } from '../local-system/deployments.ts';
import { type LocalSystem, startLocalSystem } from '../local-system/local-system.ts';
import { runCli } from '../terminal/run-cli.ts';

const ROWS = 2_000_000;
const TAGS = 1_000_000;
const MANY_ROWS = 10_000_000;
const RUNS = 5;

/** A webhook endpoint, so that notify has work to do. Nothing is delivered to it. */
const UNREACHABLE_ENDPOINT = {
  id: 'nobody',
  url: 'http://127.0.0.1:9',
  secret: `whsec_${btoa('x'.repeat(24))}`,
  allowPrivate: true,
};

/** Measures the figures in the README's tables. */
await runCli(async (signal) => {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const log = (text: string) => process.stderr.write(`${text}\n`);

  const withSystem = async <T>(
    rows: number,
    measure: (system: LocalSystem) => Promise<T>,
    webhooks: WebhookEndpoint[] = [],
  ): Promise<T> => {
    log(`Loading ${rows} withdrawals ...`);
    const demo = rows >= ROWS ? { rows, tags: TAGS, users: TAGS, payments: 0, admins: 200 } : { rows };
    const bufferPoolMiB = rows >= ROWS ? 1024 : 128;
    const system = await startLocalSystem({ purpose: 'bench', demo, bufferPoolMiB, webhooks, signal });
    // Flushes what the load left in the page cache, so that it is not written during a measurement.
    await promisify(execFile)('sync');
    return measure(system).finally(() => system.stop());
  };
  const repeat = async (what: string, measure: () => Promise<number>): Promise<number> => {
    // The first run after a start is slower than the following ones.
    log(`  ${what}: ${(await measure()).toFixed(2)} s, to warm up`);
    const taken: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      signal.throwIfAborted();
      taken.push(await measure());
      log(`  ${what}: ${taken.at(-1)?.toFixed(2)} s`);
    }
    return median(taken);
  };

  const coldStarts = await withSystem(20_000, (system) => measureColdStarts(system, RUNS, signal), [
    UNREACHABLE_ENDPOINT,
  ]);
  const latency = await withSystem(20_000, async (system) => ({
    smallReportP50Ms: await measureSmallReport(system, signal),
    createP99Ms: await measureCreate(system),
  }));
  const large = await withSystem(ROWS, async (system) => {
    const rawReadSeconds = await repeat('raw read', () => measureRawRead(system));
    const exportSeconds = await repeat('export', () => measureExport(system, ROWS, signal));
    const peak = await peakRssMiB(system);
    const naive = await measureNaive(system);
    log(`  naive: ${naive.seconds.toFixed(1)} s`);
    return {
      rawReadSeconds,
      exportSeconds,
      peakRssMiB: peak,
      naiveSeconds: naive.seconds,
      naivePeakRssMiB: naive.peakRssMiB,
    };
  });
  const peakOfMany = await withSystem(MANY_ROWS, async (system) => {
    log(`  export: ${(await measureExport(system, MANY_ROWS, signal)).toFixed(2)} s`);
    return peakRssMiB(system);
  });

  const figures: Figures = {
    ...large,
    ...latency,
    exportRatioToRawRead: large.exportSeconds / large.rawReadSeconds,
    peakRssGrowth: peakOfMany / large.peakRssMiB,
    speedupOverNaive: large.naiveSeconds / large.exportSeconds,
  };
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const json = () => ({
    ...rounded(figures),
    coldStarts: Object.fromEntries(Object.entries(coldStarts).map(([name, coldStart]) => [name, rounded(coldStart)])),
  });
  process.stdout.write(values.json ? `${JSON.stringify(json())}\n` : table(figures, coldStarts, machine));
});

function rounded(figures: Figures | ColdStart): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]));
}

function table(f: Figures, coldStarts: Record<string, ColdStart>, machine: string): string {
  const rows = [
    ['raw read by the mariadb client, 2,000,000 rows', `${f.rawReadSeconds.toFixed(2)} s`, ''],
    ['export, POST to COMPLETED, joined with 1,000,000 tags', `${f.exportSeconds.toFixed(2)} s`, ''],
    ['  against the raw read', `${f.exportRatioToRawRead.toFixed(2)} times`, '≤ 4'],
    ['  largest resident memory of a function', `${f.peakRssMiB.toFixed(0)} MiB`, '≤ 512'],
    ['  that at 10,000,000 rows', `${f.peakRssGrowth.toFixed(2)} times`, '≤ 1.2'],
    ['naive pipeline, the same file', `${f.naiveSeconds.toFixed(1)} s, ${f.naivePeakRssMiB.toFixed(0)} MiB`, ''],
    ['  the export is faster', `${f.speedupOverNaive.toFixed(1)} times`, '≥ 6'],
    ['report of 1,000 rows, POST to COMPLETED, p50', `${f.smallReportP50Ms.toFixed(0)} ms`, '≤ 500'],
    ['POST /v1/downloads at 50/s, p99', `${f.createP99Ms.toFixed(0)} ms`, '≤ 100'],
  ];
  for (const [name, { totalMs, ...phases }] of Object.entries(coldStarts)) {
    const aim = /^(create-report|query-)/.test(name) ? '≤ 600' : '';
    const parts = [
      `Node ${phases.nodeMs.toFixed(0)}`,
      `framework ${phases.frameworkMs.toFixed(0)}`,
      `modules ${phases.modulesMs.toFixed(0)}`,
      `request ${phases.requestMs.toFixed(0)}`,
    ];
    rows.push([`cold start of ${name}`, `${totalMs.toFixed(0)} ms`, `${aim.padEnd(8)}${parts.join(', ')}`]);
  }
  const lines = rows.map(([what = '', figure = '', aim = '']) => `${what.padEnd(56)}${figure.padStart(18)}   ${aim}`);
  return `${machine}, medians of ${RUNS} after one to warm up\n\n${lines.join('\n')}\n`;
}
