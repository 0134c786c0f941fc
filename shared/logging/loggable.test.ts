import { expect, it } from '@jest/globals';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { ReportError } from '../domain/errors.ts';
import { loggable } from './loggable.ts';

const quoting = new ReportError('JOIN_FAILED', "cannot cast '13812345678'", {
  kind: 'permanent',
  cause: new Error("Conversion Error: '13812345678'"),
});

it('a fault of a report that reads sensitive columns is logged by its code alone', () => {
  const { logger, lines } = memoryLogger();
  logger.error({ err: loggable(quoting, { clearFor: { 'plt_fund.vs_withdraw.phone': ['risk-control'] } }) }, 'failed');
  expect(lines).toMatchObject([{ err: { code: 'JOIN_FAILED' } }]);
  expect(JSON.stringify(lines)).not.toContain('138');
});

it('any other is logged as it is', () => {
  const { logger, lines } = memoryLogger();
  logger.error({ err: loggable(quoting, { clearFor: {} }) }, 'failed');
  expect(JSON.stringify(lines)).toContain("Conversion Error: '13812345678'");
});
