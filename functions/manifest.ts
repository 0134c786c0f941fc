/**
 * The functions by folder. `target` is the name under which a function's entry file registers it with the Functions
 * Framework. query-table is deployed once per table, every other function once.
 */
export const FUNCTIONS = {
  'create-report': { target: 'createReport', load: () => import('./create-report/index.ts') },
  'query-table': { target: 'queryTable', load: () => import('./query-table/index.ts') },
  aggregate: { target: 'aggregate', load: () => import('./aggregate/index.ts') },
  notify: { target: 'notify', load: () => import('./notify/index.ts') },
  sweep: { target: 'sweep', load: () => import('./sweep/index.ts') },
  'download-center': { target: 'downloadCenter', load: () => import('./download-center/index.ts') },
};

export type FunctionFolder = keyof typeof FUNCTIONS;
