import { differences } from './check-made.ts';
import type { Body } from './configuration.ts';
import type { Made, System } from './made.ts';
import { settingsOf } from './settings.ts';

/** What alerts compare, and their thresholds, by title. Everything else is the same in all alerts. */
const ALERTS: Readonly<Record<string, { metric: string; aligner: string; reducer: string; over: number }>> = {
  'Failed exports': { metric: 'ended', aligner: 'ALIGN_SUM', reducer: 'REDUCE_SUM', over: 5 },
  'Oldest unfinished record': {
    metric: 'oldest-unfinished',
    aligner: 'ALIGN_PERCENTILE_99',
    reducer: 'REDUCE_MAX',
    over: 1800,
  },
  'Dead letters': {
    metric: 'subscription/num_undelivered_messages',
    aligner: 'ALIGN_MAX',
    reducer: 'REDUCE_SUM',
    over: 0,
  },
  'Given up': { metric: 'given-up', aligner: 'ALIGN_SUM', reducer: 'REDUCE_SUM', over: 0 },
  'Tasks waiting': { metric: 'queue/depth', aligner: 'ALIGN_MAX', reducer: 'REDUCE_MAX', over: 500 },
  'Slow exports': { metric: 'seconds-to-file', aligner: 'ALIGN_PERCENTILE_95', reducer: 'REDUCE_MAX', over: 120 },
  'Server errors': { metric: 'request_count', aligner: 'ALIGN_DELTA', reducer: 'REDUCE_SUM', over: 5 },
  'Redis memory': { metric: 'stats/memory/usage_ratio', aligner: 'ALIGN_MEAN', reducer: 'REDUCE_MAX', over: 0.8 },
  'No sweeps': { metric: 'oldest-unfinished', aligner: 'ALIGN_DELTA', reducer: 'REDUCE_SUM', over: 0 },
};

/**
 * Google's own metrics, their labels, and the resource that a label of theirs names.
 * https://docs.cloud.google.com/monitoring/api/metrics_gcp
 */
const GOOGLES: Readonly<
  Record<string, { resource: string; labels: readonly string[]; names: Readonly<Record<string, string>> }>
> = {
  'pubsub.googleapis.com/subscription/num_undelivered_messages': {
    resource: 'pubsub_subscription',
    labels: [],
    names: { subscription_id: 'google_pubsub_subscription' },
  },
  'cloudtasks.googleapis.com/queue/depth': {
    resource: 'cloud_tasks_queue',
    labels: [],
    names: { queue_id: 'google_cloud_tasks_queue' },
  },
  'run.googleapis.com/request_count': {
    resource: 'cloud_run_revision',
    labels: ['response_code', 'response_code_class'],
    names: { service_name: 'google_cloud_run_v2_service' },
  },
  'redis.googleapis.com/stats/memory/usage_ratio': {
    resource: 'redis_instance',
    labels: [],
    names: { instance_id: 'google_redis_instance' },
  },
};

const LOGGED = 'logging.googleapis.com/user/';
/** Which of the resources a filter's pattern is to match; all of them if not listed. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  subscription_id: ['report-queries-dead-kept', 'report-events-dead-kept'],
  queue_id: ['report-aggregate', 'report-webhooks'],
  service_name: ['create-report', 'download-center'],
};

/**
 * Finds the alerts, charts and log-based metrics that query what does not exist, and the alerts that are missing, or
 * whose comparison or notification is not as expected.
 */
export function monitoringFaults(system: System): string[] {
  const policies = system.made.filter(({ type }) => type === 'google_monitoring_alert_policy');
  const [dashboard] = system.made.filter(({ type }) => type === 'google_monitoring_dashboard');
  const titles = policies.map(({ values }) => titleOf(values));
  return [
    ...Object.keys(ALERTS)
      .filter((title) => !titles.includes(title))
      .map((title) => `${title}: nobody is alerted`),
    ...policies.flatMap((policy) => policyFaults(policy, system)),
    ...dashboardFaults(JSON.parse(String(dashboard?.values.dashboard_json)), system),
    ...system.made.filter(({ type }) => type === 'google_logging_metric').flatMap(metricFaults),
  ];
}

const titleOf = ({ display_name: name }: Body) => String(name).replace('Report download center: ', '');

function policyFaults({ values }: Made, system: System): string[] {
  const title = titleOf(values);
  const { channels, runbook } = settingsOf(system);
  const anchor = title.toLowerCase().replaceAll(' ', '-');
  const common = { notification_channels: channels, combiner: 'OR', enabled: null };
  const [{ content = '' } = {}] = values.documentation as Body[];
  const conditions = (values.conditions as Body[]).flatMap(({ condition_threshold: over, condition_absent: absent }) =>
    [...((over ?? []) as Body[]), ...((absent ?? []) as Body[])].map((body) => ({ body, isAbsence: !over })),
  );
  const { metric, aligner, reducer, over } = ALERTS[title] ?? {};
  return [
    ...differences(values, common, title),
    ...(String(content).endsWith(`${runbook}#${anchor}`) ? [] : [`${title}: leads elsewhere than to its section`]),
    ...(title in ALERTS && conditions.length !== 1 ? [`${title}: has ${conditions.length} conditions`] : []),
    ...conditions.flatMap(({ body, isAbsence }) => [
      ...differences(
        body,
        {
          ...(isAbsence ? {} : { comparison: 'COMPARISON_GT', threshold_value: over }),
          aggregations: [{ per_series_aligner: aligner, cross_series_reducer: reducer }],
        },
        title,
      ),
      ...(metricIn(String(body.filter)).endsWith(`/${metric}`)
        ? []
        : [`${title}: looks at ${metricIn(String(body.filter))}, not ${metric}`]),
      ...queryFaults({ filter: String(body.filter), labels: [] }, system),
    ]),
  ];
}

interface Query {
  readonly filter: string;
  /** The labels by which it is grouped. */
  readonly labels: readonly string[];
}

interface Dashboard {
  readonly columnLayout: { readonly columns: readonly { readonly widgets: readonly Widget[] }[] };
}
interface Widget {
  readonly title?: string;
  readonly xyChart?: { readonly dataSets: readonly { readonly timeSeriesQuery: TimeSeries }[] };
}
interface TimeSeries {
  readonly timeSeriesFilter: {
    readonly filter: string;
    readonly aggregation: { groupByFields: string[]; perSeriesAligner: string; crossSeriesReducer: string };
  };
}

/** The aligners and reducers of Cloud Monitoring that are used. */
const WAYS = /^ALIGN_(SUM|MAX|MEAN|DELTA|PERCENTILE_(50|95|99)) REDUCE_(SUM|MAX)$/;

function dashboardFaults({ columnLayout: { columns } }: Dashboard, system: System): string[] {
  return columns
    .flatMap(({ widgets }) => widgets)
    .flatMap(({ title = '', xyChart: chart }) =>
      (chart?.dataSets ?? []).flatMap(({ timeSeriesQuery }) =>
        chartFaults(title, timeSeriesQuery.timeSeriesFilter, system),
      ),
    );
}

/** A chart whose title ends with ", by status" must show a line per status. */
function chartFaults(title: string, { filter, aggregation }: TimeSeries['timeSeriesFilter'], system: System): string[] {
  const { perSeriesAligner: aligner, crossSeriesReducer: reducer, groupByFields: labels } = aggregation;
  const way = `${aligner} ${reducer}`;
  const [, by] = /, by (\w+)$/.exec(title) ?? [];
  return [
    ...queryFaults({ filter, labels }, system),
    ...(WAYS.test(way) ? [] : [`dashboard: there is no ${way}`]),
    ...(by && labels.join() !== `metric.label.${by}` ? [`${title}: is by ${labels}`] : []),
  ];
}

const metricIn = (filter: string) => /metric\.type="([^"]+)"/.exec(filter)?.[1] ?? '';

function queryFaults({ filter, labels }: Query, { made }: System): string[] {
  const type = metricIn(filter);
  const logged = made.find(
    (one) => one.type === 'google_logging_metric' && `${LOGGED}${one.values.name}` === type,
  )?.values;
  const extracted = Object.keys((logged?.label_extractors ?? {}) as Body);
  const known = logged
    ? { resource: 'cloud_run_revision', labels: extracted, names: { service_name: '' } }
    : GOOGLES[type];
  if (!known) return [`${filter}: there is no such metric`];
  const asked = [
    ...filter.matchAll(/metric\.labels\.(\w+)/g),
    ...labels.join(' ').matchAll(/metric\.label\.(\w+)/g),
  ].map(([, label = '']) => label);
  return [
    ...(filter.includes(`resource.type="${known.resource}"`) ? [] : [`${filter}: is of another resource`]),
    ...asked.filter((label) => !known.labels.includes(label)).map((label) => `${type}: has no label ${label}`),
    ...[...filter.matchAll(/metric\.labels\.status="(\w+)"/g)]
      .filter(([, status = '']) => status !== 'FAILED')
      .map(([, status]) => `${type}: no record is ${status}`),
    ...[
      ...filter.matchAll(/resource\.labels\.(\w+)=(?:monitoring\.regex\.full_match\("([^"]+)"\)|"([^"]+)")/g),
    ].flatMap(([, label = '', pattern, exact = '']) => {
      const there = made.filter(({ type: of }) => of === known.names[label]);
      const found = there.filter(({ address, values }) =>
        pattern === undefined ? exact === address : new RegExp(`^(${pattern})$`).test(String(values.name)),
      );
      const wanted = FOUND[label] ?? there.map(({ values }) => String(values.name));
      return wanted.length > 0 &&
        wanted.toSorted().join() ===
          found
            .map(({ values }) => values.name)
            .toSorted()
            .join()
        ? []
        : [`${filter}: finds not ${wanted}`];
    }),
  ];
}

/**
 * Checks that a metric counts lines, or distributes a number in them, and that it describes the labels that it
 * extracts.
 */
function metricFaults({ address, values }: Made): string[] {
  const {
    value_extractor: value,
    label_extractors: labels,
    metric_descriptor: described,
    bucket_options: buckets,
  } = values;
  return differences(
    { described: described ?? null, buckets: (buckets as Body[]).length },
    {
      described: [
        {
          metric_kind: 'DELTA',
          value_type: value ? 'DISTRIBUTION' : 'INT64',
          labels: Object.keys(labels as Body).map((key) => ({ key, value_type: 'STRING' })),
        },
      ],
      buckets: value ? 1 : 0,
    },
    address,
  );
}
