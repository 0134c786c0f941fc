import type { Report } from '../../shared/catalogue/define-report.ts';
import { estimateCost } from '../../shared/domain/cost.ts';
import { fileObject } from '../../shared/domain/names.ts';
import type { Locale } from '../../shared/domain/record.ts';
import { complete } from '../../shared/domain/transitions.ts';
import type { Logger } from '../../shared/logging/logger.ts';
import { setSpanAttributes, traced } from '../../shared/tracing/spans.ts';
import { joinSources } from './join-sources.ts';
import type { AggregatePorts, Look } from './look.ts';
import { usageOf } from './usage-of.ts';

/** Users open the file in a spreadsheet, which reads it as UTF-8 only if it begins with this mark. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Joins the sources into the file of a record that was taken for writing, and completes the record. The file's name
 * carries the fencing token, and the upload creates the whole object or none. Only the holder of the token can complete
 * the record, so an overtaken aggregator leaves a stray object for the sweeper, never the record's file.
 */
export async function writeFile(look: Look, ports: AggregatePorts, signal: AbortSignal, log: Logger): Promise<void> {
  const { report, record } = look;
  const output = Object.entries(report.columns).map(([name, { guard = true }]) => ({ name, guarded: guard }));
  const joined = ports.joiner.join({ sources: joinSources(look, ports.objects), sql: report.join, output }, signal);
  let rows = 0;
  const content = (async function* () {
    yield Buffer.from(`${BYTE_ORDER_MARK}${headerLine(report, record.locale)}\n`);
    rows = yield* joined;
  })();

  const name = fileObject(record);
  const { bytes, crc32c } = await traced('join and upload', {}, async () => {
    const stored = await ports.objects.upload(name, content, signal);
    setSpanAttributes({ 'report.rows': rows, 'report.bytes': stored.bytes });
    return stored;
  });
  const file = { fileAddress: ports.objects.address(name), rows, bytes, crc32c };
  const now = ports.clock();
  const cost = estimateCost(usageOf(look, bytes, now, ports));
  const completed = await traced('complete', {}, () =>
    ports.records.update(record.id, complete(record.token, file, cost, now, ports.retention)),
  );
  log.info({ ...file, token: record.token, completed: completed !== undefined }, 'file written');
}

function headerLine(report: Report, locale: Locale): string {
  return Object.values(report.columns)
    .map((titles) => titles[locale])
    .map((title) => (/[",\r\n]/.test(title) ? `"${title.replaceAll('"', '""')}"` : title))
    .join(',');
}
