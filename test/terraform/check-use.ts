import { type Configuration, type Module, type Sources, SYSTEM, sourceOf } from './configuration.ts';

/** Finds the variables, locals and outputs that are unused. The system's own outputs are for operators. */
export function useFaults(configuration: Configuration, sources: Sources): string[] {
  const textOf = (folder: string) =>
    Object.entries(sources)
      .filter(([path]) => path.startsWith(`${folder}/`) && path.endsWith('.tf'))
      .map(([path, text]) => (path.endsWith('/variables.tf') ? '' : text))
      .join('\n');
  const callersOf = ({ folder }: Module) =>
    [...configuration.values()].filter((caller) => caller.modules.some((call) => sourceOf(caller, call) === folder));
  return [...configuration.values()].flatMap((module) => {
    const { folder, variables, locals, outputs } = module;
    const own = textOf(folder);
    const callers = callersOf(module);
    const callersText = callers.map((caller) => textOf(caller.folder)).join('\n');
    const isForPeople = folder === SYSTEM || callers.length === 0;
    return [
      ...variables.filter(({ name }) => !new RegExp(`\\bvar\\.${name}\\b`).test(own)).map(({ name }) => `var.${name}`),
      ...Object.keys(locals)
        .filter((name) => !new RegExp(`\\blocal\\.${name}\\b`).test(own))
        .map((name) => `local.${name}`),
      ...outputs
        .filter(({ name }) => !isForPeople && !new RegExp(`\\.${name}\\b`).test(callersText))
        .map(({ name }) => `output.${name}`),
    ].map((name) => `${folder}: nobody uses ${name}`);
  });
}
