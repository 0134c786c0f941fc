import { downloadCenterClient } from '../../shared/api-client/client.ts';
import { exportReport } from '../terminal/export-report.ts';
import { CliError } from '../terminal/run-cli.ts';
import { identityToken } from './commands.ts';
import { type Command, type Shell, variableReference } from './shell.ts';

const CANCEL_MS = 10_000;

export interface SmokeTest {
  /** The system's public origin. */
  origin: string;
  report: string;
  conditions: unknown;
  /** The service account with permission to invoke the functions, where the public has none. */
  invoker: string | undefined;
  /** A token that Identity-Aware Proxy accepts, where it is in front. */
  iapToken: string | undefined;
}

/** Every record has ended by then, even one that no function could work on. */
export const DEADLINE_SECONDS = 45 * 60;

/**
 * Runs one report on a deployed system, prints its record, and verifies the file against it. Fails if that takes longer
 * than `seconds`.
 */
export async function smokeTest(
  shell: Shell,
  test: SmokeTest,
  token: string,
  { seconds, signal: interruption }: { seconds: number; signal: AbortSignal },
): Promise<void> {
  const { origin, report, conditions } = test;
  const deadline = AbortSignal.timeout(seconds * 1000);
  const signal = AbortSignal.any([interruption, deadline]);
  const extraHeaders = await admissionHeaders(shell, test);
  const clientUntil = (until: AbortSignal) => {
    const fetchUntil: typeof fetch = (input, init) => {
      const headers = new Headers([...new Headers(init?.headers), ...extraHeaders]);
      return fetch(input, { ...init, headers, signal: until });
    };
    return downloadCenterClient({ origin, token, fetch: fetchUntil });
  };
  const client = clientUntil(signal);
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
    if (signal.aborted && asked !== undefined) {
      const cancelling = clientUntil(AbortSignal.timeout(CANCEL_MS));
      await cancelling.cancel(asked).catch(() => {});
    }
    if (!deadline.aborted) throw error;
    throw new CliError(`failed: no file within ${seconds} s${asked ? `, of the record ${asked}` : ''}`);
  });
  process.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
  if (exported.faults.length > 0) throw new CliError(`failed: ${exported.faults.join('; ')}`);
  shell.print(`The file has the ${exported.rows} rows, ${exported.bytes} bytes and the checksum that the record says.`);
}

/** The headers that let a request through to the function, besides the person's token. */
async function admissionHeaders(
  shell: Shell,
  { origin, invoker, iapToken }: SmokeTest,
): Promise<[name: string, value: string][]> {
  const cloudRunToken = invoker && (await shell.read('INVOKER_TOKEN', identityToken(invoker, origin)));
  const headers: [name: string, value: string][] = [];
  // Cloud Run prefers this header, and leaves Authorization to the function.
  if (cloudRunToken) headers.push(['X-Serverless-Authorization', `Bearer ${cloudRunToken}`]);
  // As Identity-Aware Proxy does with this one: https://cloud.google.com/iap/docs/authentication-howto
  if (iapToken) headers.push(['Proxy-Authorization', `Bearer ${iapToken}`]);
  return headers;
}

/** The same test by curl, which neither waits nor verifies anything. */
export async function printSmokeTest(shell: Shell, test: SmokeTest): Promise<void> {
  const { origin, report, conditions } = test;
  const token = variableReference('DOWNLOAD_TOKEN');
  const id = variableReference('ID');
  const extraHeaders = await admissionHeaders(shell, test);
  const curl = (path: string, ...more: string[]): Command => [
    ...['curl', '-sS', '--fail-with-body', `${origin}${path}`, '-H', `Authorization: Bearer ${token}`],
    ...extraHeaders.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
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
