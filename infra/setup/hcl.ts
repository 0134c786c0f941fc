import { createRequire } from 'node:module';

/** Terraform's language, by HashiCorp's own parser. */
interface Hcl {
  /** Blocks are arrays of objects; what is not literal is text with `${…}`. Throws an Error that names file and line. */
  parse(file: string, text: string): Promise<Record<string, unknown>>;
  /** What a `${…}` refers to, without what comes after an index, and where in it that ends. */
  getReferencesInExpression(file: string, expression: string): Promise<{ value: string; endPosition: number }[]>;
}

/** Not imported: the package's own declarations would bring the browser's types into every file. */
export const { parse, getReferencesInExpression }: Hcl = createRequire(import.meta.url)('@cdktn/hcl2json');
