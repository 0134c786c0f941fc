import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { recordContext, requestContext } from './logger.ts';

/** Returns the lines that a process with this script writes to stdout, parsed. `log` is the script's logger. */
function linesOf(script: string): Record<string, unknown>[] {
  const module = JSON.stringify(join(import.meta.dirname, 'logger.ts'));
  const program = `import { createLogger } from ${module}; const log = createLogger('sweep'); ${script}`;
  const text = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

it('lines are JSON in the form of Cloud Logging, one a line, whatever is in them', () => {
  const [debug, warning, error] = linesOf(`
    log.info({ table: 'plt_fund.vs_withdraw' }, 'first line\\nsecond line "報表"');
    log.child({ recordId: 'r' }).warn('careful');
    log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');`);
  expect(debug).toEqual({
    severity: 'INFO',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    function: 'sweep',
    table: 'plt_fund.vs_withdraw',
    message: 'first line\nsecond line "報表"',
  });
  expect(warning).toMatchObject({ severity: 'WARNING', recordId: 'r', message: 'careful' });
  expect(error).toMatchObject({ severity: 'ERROR', message: 'failed', err: { type: 'Error' } });
  expect(JSON.stringify(error)).toContain('inner');
});

it('every level has a severity of Cloud Logging', () => {
  const lines = linesOf(
    `log.level = 'trace'; for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) log[level]('x');`,
  );
  expect(lines.map(({ severity }) => severity)).toEqual(['DEBUG', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']);
});

it('a line is written when the call returns, whatever then becomes of the process', () => {
  const lines = linesOf(
    `process.once('exit', () => log.info('last')); for (let line = 0; line < 500; line++) log.info('x'); process.exit();`,
  );
  expect(lines).toHaveLength(501);
});

describe('the context of a line', () => {
  const TRACE = 'logging.googleapis.com/trace';

  it('about a record names it, and the trace of its export as Cloud Logging does', () => {
    const recordId = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
    expect(recordContext('demo', recordId)).toEqual({
      recordId,
      [TRACE]: 'projects/demo/traces/01a205781fcf7081bf3d4ed8f9af18dd',
    });
  });

  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

  it('about a request names its trace', () => {
    expect(requestContext('demo', traceparent)).toEqual({ [TRACE]: `projects/demo/traces/${'a'.repeat(32)}` });
  });

  it.each(['', 'nonsense', `01-${traceparent.slice(3)}`, `${traceparent}-more`])('has no trace for %p', (given) => {
    expect(requestContext('demo', given)).toEqual({});
  });
});

it('a line written in a span names it', () => {
  const tracing = JSON.stringify(join(import.meta.dirname, '../../test/support/memory-traces.ts'));
  const spans = JSON.stringify(join(import.meta.dirname, '../tracing/export-trace.ts'));
  const [within, outside] = linesOf(`
    const { memoryTraces } = await import(${tracing});
    const { withinExport } = await import(${spans});
    memoryTraces();
    await withinExport('01a20578-1fcf-7081-bf3d-4ed8f9af18dd', async () => log.info('within'));
    log.info('outside');`);
  expect(within).toMatchObject({ 'logging.googleapis.com/spanId': 'bf3d4ed8f9af18dd' });
  expect(outside).not.toHaveProperty('logging.googleapis.com/spanId');
});
