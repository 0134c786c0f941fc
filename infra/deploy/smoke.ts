import { downloadCenterClient } from '../../shared/api-client/client.ts';
import { exportReport } from '../cli/export-report.ts';
import { CliError } from '../cli/run-cli.ts';
import { identityToken } from './commands.ts';
import { type Command, readEarlier, type Shell } from './shell.ts';

const CANCEL_MS = 10_000;

export interface SmokeTest {
  /** The system's public origin. */
  origin: string;
  report: string;
  conditions: unknown;
  /** The service account that may invoke the functions, where not everybody may. */
  invoker: string | undefined;
  /** What Identity-Aware Proxy lets in, where it is in front. */
  iapToken: string | undefined;
}

/** Every record has come to its end by then, even one that nobody could work on. */
export const PATIENCE_SECONDS = 45 * 60;

/** Runs one report on a deployed system, shows its record, and holds the file against it. Fails if that takes longer than `seconds`. */
export async function smokeTest(
  shell: Shell,
  test: SmokeTest,
  token: string,
  { seconds, signal: interruption }: { seconds: number; signal: AbortSignal },
): Promise<void> {
  const { origin, report, conditions } = test;
  const patience = AbortSignal.timeout(seconds * 1000);
  const signal = AbortSignal.any([interruption, patience]);
  const pass = await passOf(shell, test);
  const clientUntil = (until?: AbortSignal) => {
    const passing: typeof fetch = (input, init) => {
      const headers = new Headers([...new Headers(init?.headers), ...pass]);
      return fetch(input, { ...init, headers, ...(until ? { signal: until } : {}) });
    };
    return downloadCenterClient({ origin, token, fetch: passing });
  };
  const client = clientUntil(signal);
  let asked: string | undefined;
  const create: typeof client.create = async (order) => {
    const record = await client.create(order);
    asked = record.id;
    return record;
  };
  const order = { report, conditions, refresh: true };
  // Whoever reads this need not be one who may see the rows; the URL is as good as the file.
  const {
    url: _url,
    firstLines: _rows,
    ...exported
  } = await exportReport({ ...client, create }, order, { quiet: false, signal }).catch(async (error) => {
    // Left in work, it would keep the person from asking for anything else.
    if (signal.aborted && asked !== undefined)
      await clientUntil(AbortSignal.timeout(CANCEL_MS))
        .cancel(asked)
        .catch(() => {});
    throw patience.aborted
      ? new CliError(`failed: no file within ${seconds} s${asked ? `, of the record ${asked}` : ''}`)
      : error;
  });
  process.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
  if (exported.faults.length > 0) throw new CliError(`failed: ${exported.faults.join('; ')}`);
  shell.say(`The file has the ${exported.rows} rows, ${exported.bytes} bytes and the checksum that the record says.`);
}

/** What goes with every request besides the person's token, so that it gets as far as the function. */
async function passOf(
  shell: Shell,
  { origin, invoker, iapToken }: SmokeTest,
): Promise<[name: string, value: string][]> {
  const cloudRun = invoker && (await shell.read('INVOKER_TOKEN', identityToken(invoker, origin)));
  return [
    // Cloud Run looks here first, and leaves the other header to the function.
    ...(cloudRun ? [['X-Serverless-Authorization', `Bearer ${cloudRun}`] as [string, string]] : []),
    // So does Identity-Aware Proxy here. https://cloud.google.com/iap/docs/authentication-howto
    ...(iapToken ? [['Proxy-Authorization', `Bearer ${iapToken}`] as [string, string]] : []),
  ];
}

/** The same by curl, which does not wait and checks nothing. */
export async function printSmokeTest(shell: Shell, test: SmokeTest): Promise<void> {
  const { origin, report, conditions } = test;
  const token = readEarlier('DOWNLOAD_TOKEN');
  const id = readEarlier('ID');
  const pass = await passOf(shell, test);
  const curl = (path: string, ...more: string[]): Command => [
    ...['curl', '-sS', '--fail-with-body', `${origin}${path}`, '-H', `Authorization: Bearer ${token}`],
    ...pass.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...more,
  ];
  const order = JSON.stringify({ report, conditions, refresh: true });
  await shell.run(curl('/v1/downloads', '-H', 'Content-Type: application/json', '-d', order));
  shell.say('The ID is that of the answer; the second line is for as often as the status is not COMPLETED.');
  await shell.run(curl(`/v1/downloads/${id}`));
  await shell.run(curl(`/v1/downloads/${id}/file?redirect=false`));
  shell.say('The FILE_URL is that of the answer, and takes no token.');
  await shell.run(['curl', '-sS', '--fail-with-body', '-o', `${id}.csv`, readEarlier('FILE_URL')]);
}
