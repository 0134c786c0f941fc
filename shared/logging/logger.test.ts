import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { logContext } from './logger.ts';

/** Lines that a process with this script writes to stdout; `log` is its logger. */
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
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

  it('names the record, and the trace as Cloud Logging does', () => {
    expect(logContext('demo', traceparent, 'r')).toEqual({
      recordId: 'r',
      'logging.googleapis.com/trace': `projects/demo/traces/${'a'.repeat(32)}`,
      'logging.googleapis.com/spanId': 'b'.repeat(16),
    });
  });

  it.each([undefined, '', 'nonsense', `01-${traceparent.slice(3)}`, `${traceparent}-more`])(
    'has no trace for %p',
    (text) => {
      expect(logContext('demo', text)).toEqual({});
    },
  );
});
