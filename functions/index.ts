/**
 * What is started, whichever function it is: the platform knows one entry for all that is deployed from one source, and says by FUNCTION_TARGET which of them an instance
 * is. Only that one is loaded.
 */
const FUNCTIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  createReport: () => import('./create-report/index.ts'),
  queryTable: () => import('./query-table/index.ts'),
  aggregate: () => import('./aggregate/index.ts'),
  notify: () => import('./notify/index.ts'),
  sweep: () => import('./sweep/index.ts'),
  downloadCenter: () => import('./download-center/index.ts'),
};

const target = process.env.FUNCTION_TARGET ?? '';
const load = FUNCTIONS[target];
if (!load) throw new Error(`FUNCTION_TARGET is '${target}', and not one of ${Object.keys(FUNCTIONS).join(', ')}`);
await load();
