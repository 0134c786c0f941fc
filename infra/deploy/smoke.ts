import { downloadCenterClient } from '../../shared/api-client/client.ts';
import { exportReport } from '../terminal/export-report.ts';
import { CliError } from '../terminal/run-cli.ts';
import { identityToken } from './commands.ts';
import { type Command, type Shell, variableReference } from './shell.ts';

export interface SmokeTest {
  /** The system's public origin. */
  origin: string;
  report: string;
  conditions: unknown;
  /** The service account with permission to invoke the functions, where the public has none. */
  invoker: string | undefined;
}

/** Runs one report on a deployed system, prints its record, and verifies the file against it. */
export async function smokeTest(shell: Shell, test: SmokeTest, token: string, signal: AbortSignal): Promise<void> {
  const { origin, report, conditions, invoker } = test;
  // Cloud Run prefers this header, and leaves Authorization to the function.
  const pass = invoker && `Bearer ${await shell.read('INVOKER_TOKEN', identityToken(invoker, origin))}`;
  const passing: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    if (pass) headers.set('x-serverless-authorization', pass);
    return fetch(input, { ...init, headers });
  };
  const client = downloadCenterClient({ origin, token, fetch: passing });
  let asked: string | undefined;
  const create: typeof client.create = async (order) => {
    const record = await client.create(order);
    asked = record.id;
    return record;
  };
  const order = { report, conditions, refresh: true };
  // The output may be read by people who may not see the rows, and the URL grants access to the file.
  const {
    url: _url,
    firstLines: _rows,
    ...exported
  } = await exportReport({ ...client, create }, order, { quiet: false, signal }).catch(async (error) => {
    // An active record would keep the person from requesting another report.
    if (signal.aborted && asked !== undefined) await client.cancel(asked).catch(() => {});
    throw error;
  });
  process.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
  if (exported.faults.length > 0) throw new CliError(`failed: ${exported.faults.join('; ')}`);
  shell.print(`The file has the ${exported.rows} rows, ${exported.bytes} bytes and the checksum that the record says.`);
}

/** The same test by curl, which neither waits nor verifies anything. */
export async function printSmokeTest(shell: Shell, { origin, report, conditions, invoker }: SmokeTest): Promise<void> {
  const token = variableReference('DOWNLOAD_TOKEN');
  const id = variableReference('ID');
  const pass = invoker && (await shell.read('INVOKER_TOKEN', identityToken(invoker, origin)));
  const curl = (path: string, ...more: string[]): Command => [
    ...['curl', '-sS', '--fail-with-body', `${origin}${path}`, '-H', `Authorization: Bearer ${token}`],
    ...(pass ? ['-H', `X-Serverless-Authorization: Bearer ${pass}`] : []),
    ...more,
  ];
  const order = JSON.stringify({ report, conditions, refresh: true });
  await shell.run(curl('/v1/downloads', '-H', 'Content-Type: application/json', '-d', order));
  shell.print('The ID is that of the answer; the second line is for as often as the status is not COMPLETED.');
  await shell.run(curl(`/v1/downloads/${id}`));
  await shell.run(curl(`/v1/downloads/${id}/file?redirect=false`));
  shell.print('The FILE_URL is that of the answer, and takes no token.');
  await shell.run(['curl', '-sS', '--fail-with-body', '-o', `${id}.csv`, variableReference('FILE_URL')]);
}
