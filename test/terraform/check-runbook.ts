import { type Body, type Configuration, systemOf, textsOf } from './configuration.ts';

const LEADS = /What to do: \$\{local\.runbook\[each\.key\]\}/;

/**
 * Finds the differences between the alerts and the page's sections: each alert has a section with its title, and links
 * to it. The sections below `## Further` belong to no alert.
 */
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
