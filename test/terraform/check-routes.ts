import { publicTarget } from '../../infra/local-system/gateway.ts';
import { type Body, type Configuration, systemOf } from './configuration.ts';

const METHODS = ['GET', 'POST', 'DELETE'];
const PATHS = [
  '/',
  '/docs',
  '/session',
  '/v1/session',
  '/v1/reports',
  '/v1/downloads',
  '/v1/downloads/',
  '/v1/downloads:check',
  '/v1/downloads:watch',
  '/v1/downloads/01a206c1-3264-7103-ba0e-ea6c14ec0077',
  '/v1/downloads/01a206c1-3264-7103-ba0e-ea6c14ec0077:retry',
  '/v1/downloads/01a206c1-3264-7103-ba0e-ea6c14ec0077:cancel',
  '/v1/downloads/01a206c1-3264-7103-ba0e-ea6c14ec0077/file',
  '/v1/downloads/01a206c1-3264-7103-ba0e-ea6c14ec0077/file:retry',
  '/other/downloads',
];

/** Finds the requests that the load balancer would route to another function than the local gateway does. */
export function routeFaults(configuration: Configuration): string[] {
  const map = systemOf(configuration).resources.find(
    ({ type, name }) => type === 'google_compute_url_map' && name === 'public',
  );
  const [matcher = {}] = (map?.body.path_matcher ?? []) as Body[];
  const rules = ((matcher.route_rules ?? []) as Body[]).toSorted((a, b) => Number(a.priority) - Number(b.priority));
  const requests = METHODS.flatMap((method) => PATHS.map((path) => [method, path] as const));
  return requests.flatMap(([method, path]) => {
    const rule = rules.find(({ match_rules: matches }) =>
      (matches as Body[]).some((match) => matchesRequest(match, method, path)),
    );
    const [, target] =
      /backend_service\.public\["([\w-]+)"\]/.exec(String(rule?.service ?? matcher.default_service)) ?? [];
    const wanted = publicTarget(method, path);
    return target === wanted ? [] : [`${method} ${path}: to ${target}, not ${wanted}`];
  });
}

function matchesRequest(match: Body, method: string, path: string): boolean {
  const headers = (match.header_matches ?? []) as Body[];
  const { full_path_match: full, path_template_match: template } = match;
  return (
    headers.every(({ header_name: name, exact_match: value }) => name === ':method' && value === method) &&
    (full === path || (typeof template === 'string' && asPattern(template).test(path)))
  );
}

/** `*` matches one segment, or the rest of one. */
const asPattern = (template: string) => new RegExp(`^${template.replaceAll('*', '[^/]+')}$`);
