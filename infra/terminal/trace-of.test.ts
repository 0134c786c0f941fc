import { expect, it } from '@jest/globals';
import { never } from '../../test/support/never.ts';
import { startHttpServer } from '../local-cloud/http-server.ts';
import { traceOf } from './trace-of.ts';

const RECORD = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';

/** Returns the result for a trace that has one more span at each poll, up to `spans`. */
async function shown(spans: number): Promise<unknown> {
  let looks = 0;
  const paths = new Set<string | undefined>();
  const server = await startHttpServer(({ url }, response) => {
    paths.add(url);
    response.end(JSON.stringify(Array.from({ length: Math.min(looks++, spans) }, (_, index) => index)));
  });
  const trace = await traceOf(server.url, RECORD, never);
  await server.close();
  expect([...paths]).toEqual(['/traces/01a205781fcf7081bf3d4ed8f9af18dd']);
  return trace;
}

it('a trace is returned when no more spans arrive', async () => {
  expect(await shown(3)).toEqual([0, 1, 2]);
});

it('of a trace that was dropped, no spans are returned', async () => {
  expect(await shown(0)).toEqual([]);
});
