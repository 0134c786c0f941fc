import { compileKeyedQueries, compileQuery } from '../../shared/catalogue/compile-query.ts';
import type { Report } from '../../shared/catalogue/define-report.ts';
import type { BoundQuery } from '../../shared/ports/table-reader.ts';

/** Returns the queries that a report's source runs for the conditions. `keys` are those found by earlier stages. */
export async function compileSource(
  report: Report,
  name: string,
  conditions: unknown,
  keys: string[] = [],
): Promise<BoundQuery[]> {
  const source = report.sources.find((candidate) => candidate.name === name);
  if (!source) throw new Error(`${report.id} has no source ${name}`);
  const asked = { conditions: report.conditions.parse(conditions), masked: [] };
  return source.keys ? Array.fromAsync(compileKeyedQueries(source, asked, [keys])) : [compileQuery(source, asked)];
}
