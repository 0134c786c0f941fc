import { beforeAll, describe, expect, it } from '@jest/globals';
import { allServices } from '../../infra/deploy/services.ts';
import {
  type Body,
  type Configuration,
  parseSources,
  readSources,
  type Sources,
  SYSTEM,
  systemOf,
} from './configuration.ts';

/**
 * Finds the alerts on log-based metrics that may be created before the metrics are known: those that do not wait for
 * Redis.
 */
function hastyAlerts(configuration: Configuration): string[] {
  const policies = systemOf(configuration).resources.filter(({ type }) => type === 'google_monitoring_alert_policy');
  return policies
    .filter(({ body }) => {
      const [{ condition_matched_log: matched } = {}] = (body.conditions ?? []) as Body[];
      return matched === undefined && !String(body.depends_on).includes('google_redis_instance.fan_in');
    })
    .map(({ name }) => name);
}

/** The functions that the public reaches. Access to them, and their responses, are a matter of the load balancer. */
const PUBLIC = ['create-report', 'download-center'];

/** Returns what the alert on refused calls sees: which services, and which statuses. */
async function refusals(configuration: Configuration) {
  const { internal_calls: alert } = systemOf(configuration).locals.refusal as Record<string, Body>;
  const filter = String(alert?.filter);
  const [, pattern = ''] = /service_name=~"([^"]+)"/.exec(filter) ?? [];
  const bounds = [...filter.matchAll(/httpRequest\.status(>=|!=)(\d+)/g)].map(([, sign, bound]) =>
    sign === '>=' ? (status: number) => status >= Number(bound) : (status: number) => status !== Number(bound),
  );
  const statuses = [200, 204, 400, 401, 403, 404, 429, 500, 502, 503, 504];
  return {
    services: (await allServices()).map(({ name }) => name).filter((name) => new RegExp(pattern).test(name)),
    statuses: statuses.filter((status) => bounds.every((isWithin) => isWithin(status))),
  };
}

let sources: Sources;
beforeAll(async () => {
  sources = await readSources();
});

const FILE = `${SYSTEM}/monitoring.tf`;
const withFault = (from: string, to: string) => {
  expect(sources[FILE]).toContain(from);
  return parseSources({ ...sources, [FILE]: (sources[FILE] ?? '').replace(from, to) });
};

it('alerts wait until the logs’ metrics are known', async () => {
  expect(hastyAlerts(await parseSources(sources))).toEqual([]);
  expect(hastyAlerts(await withFault('depends_on = [google_redis_instance.fan_in]', ''))).toEqual(['this']);
});

describe('an internal call that is refused', () => {
  it('is seen of every function inside, whatever refuses it; what is to be called again is not', async () => {
    const { services, statuses } = await refusals(await parseSources(sources));
    const inside = (await allServices()).map(({ name }) => name).filter((name) => !PUBLIC.includes(name));
    expect(services).toEqual(inside);
    expect(statuses).toEqual([400, 401, 403, 502, 503, 504]);
  });

  it.each([
    ['of a function that is forgotten', '|notify|', '|', 'services', ['notify']],
    ['with a status that is none', '>=400', '>=404', 'statuses', [400, 401, 403]],
  ] as const)('is missed %s, and that is noticed', async (_what, from, to, what, missed) => {
    const [all, seen] = [await refusals(await parseSources(sources)), await refusals(await withFault(from, to))];
    expect((all[what] as unknown[]).filter((item) => !(seen[what] as unknown[]).includes(item))).toEqual(missed);
  });
});
