import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FilterSyntaxError, parseFilter } from './filter.ts';

describe('a subscription filter', () => {
  const message = { name: 'com', 'iana.org/language_tag': 'en', 'odd-key_1': 'say "hi"', みな: 'é', empty: '' };

  it.each<[filter: string, passes: boolean]>([
    ['attributes:name', true],
    ['attributes:other', false],
    ['attributes:empty', true],
    ['attributes:constructor', false],
    ['attributes:Name', false],
    ['attributes:"iana.org/language_tag"', true],
    ['attributes:"\\u307F\\u306a"', true],
    ['attributes.name = "com"', true],
    ['attributes.name="com"', true],
    ['  attributes.name  =  "com"  ', true],
    ['attributes."name" = "com"', true],
    ['attributes.name = "COM"', false],
    ['attributes.name != "com"', false],
    ['attributes.name != "org"', true],
    ['attributes.other != "org"', true],
    ['attributes.constructor != "org"', true],
    ['attributes.other = ""', false],
    ['attributes.empty = ""', true],
    ['attributes.odd-key_1 = "say \\"hi\\""', true],
    ['attributes."みな" = "\\xe9"', true],
    ['attributes."みな" = "\\351"', true],
    ['hasPrefix(attributes.name, "co")', true],
    ['hasPrefix(attributes.name, "com.")', false],
    ['hasPrefix(attributes.other, "")', false],
    ['hasPrefix(attributes.name,"")', true],
    ['NOT attributes:name', false],
    ['-attributes:other', true],
    ['NOT NOT attributes:name', true],
    ['attributes:name AND NOT attributes.name = "org"', true],
    ['attributes:other OR attributes:name', true],
    ['attributes:other OR attributes:none OR attributes:empty', true],
    ['attributes:name AND attributes:empty AND attributes:other', false],
    ['attributes:name AND (attributes.name = "net" OR attributes.name = "com")', true],
    ['NOT (attributes:name AND attributes:other)', true],
    ['((attributes:name))', true],
    ['attributes.name = "AND"', false],
    ['attributes:AND', false],
  ])('%s is %s', (filter, passes) => {
    expect(parseFilter(filter)(message)).toBe(passes);
  });

  it.each([
    '"com" = attributes.name',
    'attributes.name = attributes.website',
    'attributes.name = com',
    "attributes.name = 'com'",
    'attributes:a AND attributes:b OR attributes:c',
    'attributes:a OR attributes:b AND attributes:c',
    'attributes.name = "com" AND ("net" OR "org")',
    'attributes:a and attributes:b',
    'attributes:a attributes:b',
    'attributes:\\u307F',
    'attributes.name = "com',
    'attributes.name = "\\q"',
    'attributes.a.b = "c"',
    'attributes:iana.org/tag',
    'attributes.みな = "é"',
    'attributes.name > "a"',
    'hasSuffix(attributes.name, "m")',
    'hasPrefix(attributes:name, "m")',
    '(attributes:a',
    'attributes:a)',
    'NOT',
    'data:a',
    '   ',
  ])('%s is a syntax error', (filter) => {
    expect(() => parseFilter(filter)).toThrow(FilterSyntaxError);
  });

  interface Expression {
    text: string;
    value: boolean;
  }
  const key = fc.constantFrom('a', 'b', 'c-d');
  const attributes = fc.dictionary(key, fc.constantFrom('', 'x', 'xy'), { noNullPrototype: true });

  /** Generates an expression and its value for given attributes, determined independently of the parser. */
  const expressionOver = (given: Record<string, string>) =>
    fc.letrec<{ expression: Expression; comparison: Expression }>((tie) => ({
      comparison: fc
        .tuple(key, fc.constantFrom(':', '=', '!=', 'prefix'), fc.constantFrom('', 'x', 'y'))
        .map(([name, operator, value]): Expression => {
          const own = name in given ? given[name] : undefined;
          if (operator === ':') return { text: `attributes:${name}`, value: own !== undefined };
          if (operator === '=') return { text: `attributes.${name} = "${value}"`, value: own === value };
          if (operator === '!=') return { text: `attributes."${name}"!="${value}"`, value: own !== value };
          return { text: `hasPrefix(attributes.${name}, "${value}")`, value: own?.startsWith(value) ?? false };
        }),
      expression: fc.oneof(
        { depthSize: 'small' },
        tie('comparison'),
        tie('expression').map(({ text, value }): Expression => ({ text: `NOT (${text})`, value: !value })),
        fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map(
          (parts): Expression => ({
            text: parts.map(({ text }) => `(${text})`).join(' AND '),
            value: parts.every(({ value }) => value),
          }),
        ),
        fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map(
          (parts): Expression => ({
            text: parts.map(({ text }) => `(${text})`).join(' OR '),
            value: parts.some(({ value }) => value),
          }),
        ),
      ),
    })).expression;

  it('evaluates any combination of expressions as their parts', () => {
    const cases = attributes.chain((given) => fc.tuple(fc.constant(given), expressionOver(given)));
    fc.assert(fc.property(cases, ([given, { text, value }]) => parseFilter(text)(given) === value));
  });

  it('only ever throws a syntax error', () => {
    const soup = fc.array(
      fc.constantFrom('attributes', ':', '.', 'k', '"v"', '=', '!=', 'AND', 'OR', 'NOT', '(', ')', '"', '\\'),
    );
    fc.assert(
      fc.property(soup, (tokens) => {
        try {
          parseFilter(tokens.join(' '))({});
          return true;
        } catch (error) {
          return error instanceof FilterSyntaxError;
        }
      }),
    );
  });
});
