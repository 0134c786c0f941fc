import { type Body, type Configuration, systemOf, textsOf } from './configuration.ts';

const LEADS = /What to do: \$\{local\.runbook\[each\.key\]\}/;

/** Where alerts and the page's sections differ: each alert is a section of its title, and leads to it. Sections below `## Further` are of no alert. */
export function runbookFaults(configuration: Configuration, page: string): string[] {
  const { locals, resources } = systemOf(configuration);
  const titles = [locals.alert, locals.silence, locals.refusal].flatMap((alerts) =>
    Object.values((alerts ?? {}) as Readonly<Record<string, Body>>).map(({ title }) => String(title)),
  );
  const [ofAlerts = ''] = page.split(/^## Further/m);
  const sections = [...ofAlerts.matchAll(/^### (.+)$/gm)].map(([, title = '']) => title);
  const policies = resources.filter(({ type }) => type === 'google_monitoring_alert_policy');
  return [
    ...titles.filter((title) => !sections.includes(title)).map((title) => `docs/runbook.md has no section ‘${title}’`),
    ...sections.filter((title) => !titles.includes(title)).map((title) => `no alert is called ‘${title}’`),
    ...policies
      .filter(({ body }) => !LEADS.test(textsOf(body.documentation).join()))
      .map(({ name }) => `${name}: does not lead to its section`),
  ];
}
