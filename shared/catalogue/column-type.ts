/** A column as declared. Lengths are in MySQL's unit for the type: digits, bits, characters or bytes. */
export interface ColumnType {
  readonly type: TypeName;
  readonly nullable: boolean;
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  /**
   * decimal: the total number of digits; bit: bits; char, varchar: characters; binary, varbinary: bytes; integers: the
   * display width, if given.
   */
  readonly length?: number;
  /** decimal: the number of digits after the decimal point. */
  readonly scale?: number;
  /** datetime, timestamp, time: the number of fractional-second digits, 0 to 6. */
  readonly fsp?: number;
  /** enum, set: the allowed values. */
  readonly values?: readonly string[];
  /** The type as declared, without `null` or `not null`. */
  readonly sql: string;
}

export type TypeName = keyof typeof TYPES;

interface TypeRule {
  /** The type may be unsigned and zerofill. */
  readonly number?: true;
  /**
   * `(length)`: `max` is the longest allowed. If the parentheses may be omitted, `default` is the length that applies
   * then; with `optional`, none does.
   */
  readonly length?: { readonly max: number; readonly default?: number; readonly optional?: true };
  /** `(length, scale)`: the largest scale. */
  readonly scale?: number;
  readonly fsp?: true;
  readonly values?: true;
}

const integer: TypeRule = { number: true, length: { max: 255, optional: true } };
const temporal: TypeRule = { fsp: true };
const bare: TypeRule = {};

/**
 * MySQL's types except the spatial ones. Synonyms (integer, numeric, boolean, …) are left out: each type has one name.
 */
const TYPES = {
  tinyint: integer,
  smallint: integer,
  mediumint: integer,
  int: integer,
  bigint: integer,
  decimal: { number: true, length: { max: 65, default: 10 }, scale: 30 },
  float: { number: true },
  double: { number: true },
  bit: { length: { max: 64, default: 1 } },
  date: bare,
  datetime: temporal,
  timestamp: temporal,
  time: temporal,
  year: bare,
  char: { length: { max: 255, default: 1 } },
  varchar: { length: { max: 16_383 } },
  tinytext: bare,
  text: bare,
  mediumtext: bare,
  longtext: bare,
  binary: { length: { max: 255, default: 1 } },
  varbinary: { length: { max: 65_535 } },
  tinyblob: bare,
  blob: bare,
  mediumblob: bare,
  longblob: bare,
  enum: { values: true },
  set: { values: true },
  json: bare,
} as const satisfies Record<string, TypeRule>;

const DECLARATION =
  /^(?<sql>(?<type>[a-z]+)(?:\((?<inside>.*)\))?(?<unsigned> unsigned)?(?<zerofill> zerofill)?)(?<null> not null| null)?$/;
const VALUES = /^'(?:[^'\\]|'')*'(?:, ?'(?:[^'\\]|'')*')*$/;

/**
 * Parses a declaration such as `decimal(20,4)` or `bigint unsigned not null`, in lower case, with words separated by
 * one space. A column without `not null` is nullable. Throws an Error that states what it does not understand.
 */
export function parseColumnType(declaration: string): ColumnType {
  const parts = DECLARATION.exec(declaration)?.groups;
  const name = parts?.type as TypeName;
  if (!parts || !Object.hasOwn(TYPES, name)) throw new Error(`'${declaration}' is no column type known here`);
  const rule: TypeRule = TYPES[name];
  if (!rule.number && (parts.unsigned || parts.zerofill))
    throw new Error(`'${declaration}': ${name} takes no unsigned or zerofill`);
  return {
    type: name,
    nullable: parts.null !== ' not null',
    unsigned: Boolean(parts.unsigned || parts.zerofill),
    zerofill: Boolean(parts.zerofill),
    ...readInside(declaration, rule, parts.inside),
    sql: parts.sql as string,
  };
}

type Inside = Pick<ColumnType, 'length' | 'scale' | 'fsp' | 'values'>;

function readInside(declaration: string, rule: TypeRule, inside: string | undefined): Inside {
  const refuse = (expected: string): never => {
    throw new Error(`'${declaration}': expected ${expected}`);
  };
  const number = (text: string, what: string, max: number): number =>
    /^\d+$/.test(text) && Number(text) <= max ? Number(text) : refuse(`${what} up to ${max} in the parentheses`);

  if (rule.values) {
    if (!inside || !VALUES.test(inside)) return refuse("quoted values in the parentheses, such as ('a','b')");
    return { values: [...inside.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = '']) => value.replaceAll("''", "'")) };
  }
  if (rule.fsp) return { fsp: inside === undefined ? 0 : number(inside, 'a number of digits', 6) };
  if (!rule.length) return inside === undefined ? {} : refuse('no parentheses');
  if (inside === undefined) {
    if (rule.length.optional) return {};
    const length = rule.length.default ?? refuse('a length in parentheses');
    return rule.scale === undefined ? { length } : { length, scale: 0 };
  }
  if (rule.scale === undefined) return { length: number(inside, 'a length', rule.length.max) };
  const [digits = '', decimals = '0', ...more] = inside.split(',');
  const length = number(digits, 'a precision', rule.length.max);
  const scale = number(decimals.trim(), 'a scale', Math.min(rule.scale, length));
  return more.length === 0 ? { length, scale } : refuse('a precision and a scale in the parentheses');
}
