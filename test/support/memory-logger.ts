import pino from 'pino';
import type { Logger } from '../../shared/logging/logger.ts';

/** Creates a logger that collects its lines, parsed. */
export function memoryLogger(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ base: null, messageKey: 'message' }, { write: (line) => lines.push(JSON.parse(line)) });
  return { logger, lines };
}
