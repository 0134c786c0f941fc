/**
 * The filter language of Pub/Sub subscriptions (cloud.google.com/pubsub/docs/subscription-message-filter), whole:
 *
 *   expression = term { "AND" term } | term { "OR" term }          never both without parentheses
 *   term       = { "NOT" | "-" } ( "(" expression ")" | comparison )
 *   comparison = "attributes" ":" key
 *              | "attributes" "." key ( "=" | "!=" ) string
 *              | "hasPrefix" "(" "attributes" "." key "," string ")"
 *   key        = letters, digits, "_", "-" | string
 *
 * Operators are upper case, everything is case-sensitive. `!=` holds for an absent attribute.
 */

export type AttributeFilter = (attributes: Readonly<Record<string, string>>) => boolean;

export class FilterSyntaxError extends Error {}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|(!=|[-().,:=])|(\w[\w-]*))/y;
const ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([0-7]{3})|(.))/gis;
const NAMED_ESCAPES: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

interface Token {
  kind: 'string' | 'symbol' | 'word' | 'end';
  text: string;
}

/** Throws FilterSyntaxError. */
export function parseFilter(source: string): AttributeFilter {
  const tokens = tokenize(source);
  let position = 0;
  const peek = () => tokens[position] as Token;

  const accept = (text: string): boolean => {
    const token = peek();
    if (token.kind === 'string' || token.text !== text) return false;
    position++;
    return true;
  };
  const expect = (text: string) => {
    if (!accept(text)) fail(`expected ${text}`);
  };
  const take = (...kinds: Token['kind'][]): string => {
    const token = peek();
    if (!kinds.includes(token.kind)) fail(`expected a ${kinds.join(' or ')}`);
    position++;
    return token.text;
  };
  const fail = (problem: string): never => {
    throw new FilterSyntaxError(`Invalid filter: ${problem} before "${peek().text}" in: ${source}`);
  };

  const expression = (): AttributeFilter => {
    const terms = [term()];
    const operator = ['AND', 'OR'].find(accept);
    if (!operator) return terms[0] as AttributeFilter;
    do terms.push(term());
    while (accept(operator));
    if (operator === 'AND') return (attributes) => terms.every((holds) => holds(attributes));
    return (attributes) => terms.some((holds) => holds(attributes));
  };

  const term = (): AttributeFilter => {
    if (accept('NOT') || accept('-')) {
      const negated = term();
      return (attributes) => !negated(attributes);
    }
    if (!accept('(')) return comparison();
    const inner = expression();
    expect(')');
    return inner;
  };

  const comparison = (): AttributeFilter => {
    if (accept('hasPrefix')) {
      expect('(');
      expect('attributes');
      expect('.');
      const key = take('word', 'string');
      expect(',');
      const prefix = take('string');
      expect(')');
      return (attributes) => Object.hasOwn(attributes, key) && (attributes[key] as string).startsWith(prefix);
    }
    expect('attributes');
    if (accept(':')) {
      const key = take('word', 'string');
      return (attributes) => Object.hasOwn(attributes, key);
    }
    expect('.');
    const key = take('word', 'string');
    const unequal = accept('!=');
    if (!unequal) expect('=');
    const value = take('string');
    return (attributes) => (Object.hasOwn(attributes, key) && attributes[key] === value) !== unequal;
  };

  const filter = expression();
  if (peek().kind !== 'end') fail('expected the end');
  return filter;
}

function tokenize(source: string): Token[] {
  const text = source.trimEnd();
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new FilterSyntaxError(`Invalid filter: cannot read "${text.slice(start)}" in: ${source}`);
    const [, string, symbol, word] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: unescapeString(string) });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else tokens.push({ kind: 'word', text: word as string });
  }
  return [...tokens, { kind: 'end', text: '' }];
}

function unescapeString(literal: string): string {
  return literal.replace(ESCAPE, (sequence, unicode, hexadecimal, octal, named) => {
    if (unicode ?? hexadecimal) return String.fromCharCode(Number.parseInt(unicode ?? hexadecimal, 16));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    const character = NAMED_ESCAPES[named];
    if (character === undefined)
      throw new FilterSyntaxError(`Invalid filter: unknown escape ${sequence} in: ${literal}`);
    return character;
  });
}
