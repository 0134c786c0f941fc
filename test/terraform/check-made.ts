import type { Body, Value } from './configuration.ts';
import { expectedOutputs, expectedResources } from './expected.ts';
import type { System } from './made.ts';
import { callersOf } from './made-grants.ts';
import { type Settings, settingsOf } from './settings.ts';

/** The types of which there may be any number of resources, and which other checks cover. */
const ELSEWHERE = [
  /_iam_\w+$/,
  /^google_project_iam_custom_role$/,
  /^google_project_service$/,
  /^google_service_account$/,
  /^google_firestore_(index|field)$/,
  /^google_logging_metric$/,
  /^google_monitoring_alert_policy$/,
];

/** Finds the resources that differ from expected.ts, are missing, or are not expected. */
export function resourceFaults(system: System): string[] {
  const settings = settingsOf(system);
  const expected = expectedResources(settings, (service) => callersOf(system, service).join());
  const made = new Map(system.made.map(({ address, values }) => [address, values]));
  return [
    ...Object.entries(expected).flatMap(([address, wanted]) => {
      const values = made.get(address);
      return values ? differences(values, wanted, address) : [`${address}: is not made`];
    }),
    ...differences(system.told, expectedOutputs(settings), 'output'),
    ...system.made
      .filter(({ address, type }) => !(address in expected) && !ELSEWHERE.some((pattern) => pattern.test(type)))
      .map(({ address }) => `${address}: nobody expects it`),
    ...system.made
      .filter(({ address, values }) => values.invoker_iam_disabled === true && !isForEverybody(address, settings))
      .map(({ address }) => `${address}: lets in whoever calls`),
    ...system.made
      // A grant may be in another project.
      .filter(({ type }) => !/_iam_/.test(type))
      .flatMap(({ address, values }) => differences(values, placeOf(values, settings), address)),
  ];
}

const isForEverybody = (address: string, { access }: Settings) =>
  access.mode === 'everyone' && /^module\.(create_report|download_center)\./.test(address);

/** Returns the location that a resource should have, if it has one: the same as everything else. */
const placeOf = (values: Body, { project, region }: Settings): Body => ({
  ...('project' in values ? { project } : {}),
  ...('region' in values ? { region } : {}),
  ...('location' in values ? { location: region } : {}),
});

/** Finds where a value lacks what is wanted. An object may contain more than that, a list may not. */
export function differences(value: Value | undefined, wanted: Value | undefined, at: string): string[] {
  if (Array.isArray(wanted) && Array.isArray(value) && wanted.length === value.length)
    return wanted.flatMap((item, index) => differences(value[index], item, `${at}[${index}]`));
  if (isBody(wanted) && isBody(value))
    return Object.entries(wanted).flatMap(([name, item]) => differences(value[name], item, `${at}.${name}`));
  const [is, not] = [value ?? null, wanted ?? null].map((side) => JSON.stringify(side));
  return is === not ? [] : [`${at}: is ${is}, not ${not}`];
}

const isBody = (value: Value | undefined): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
