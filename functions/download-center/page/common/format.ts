import type { Locale } from '../../../../shared/api-client/types.ts';

/** Formats numbers and times by the conventions of the locale, and in the person's time zone. */
export interface Format {
  number: (value: number) => string;
  percent: (share: number) => string;
  /** Formats a size; 1 kB is 1000 bytes. */
  bytes: (value: number) => string;
  /** Formats an amount in US dollars with two significant digits, because it may be far below a cent. */
  usd: (amount: string) => string;
  /** Formats a time span. */
  duration: (milliseconds: number) => string;
  /** Formats an instant to the minute. */
  instant: (iso: string) => string;
  /** Formats an instant to the second. */
  precise: (iso: string) => string;
  /** Formats an instant as the time alone if it is today. */
  brief: (iso: string, now: number) => string;
  /** Formats an ISO day, which is the same in every time zone. */
  day: (isoDay: string) => string;
  /** Formats the distance from now: in 6 days, 5 minutes ago. */
  relative: (iso: string, now: number) => string;
  /** Formats several items as a list. */
  list: (items: readonly string[]) => string;
  /** Formats a name with the text that belongs to it. */
  named: (name: string, text: string) => string;
  /** Returns the person's time zone with its offset at that instant. */
  zone: (at: number | string) => string;
}

const BYTE_UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A unit counts as whole if at most this share of it is missing: a moment less than a week is a week. */
const SLACK = 0.01;

/** Returns the formats of a locale. `timeZone` defaults to the browser's. */
export function formatFor(locale: Locale, timeZone?: string): Format {
  const zoned = timeZone === undefined ? {} : { timeZone };
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const usd = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });
  const unit = (value: number, name: string, maximumFractionDigits: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits }).format(
      value,
    );
  // The parts are listed so that the day has the same format as in `day`; in 繁體中文, the style for a day with a time has
  // another.
  const minute = {
    ...zoned,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  const instant = new Intl.DateTimeFormat(locale, minute);
  const precise = new Intl.DateTimeFormat(locale, { ...minute, second: '2-digit' });
  const time = new Intl.DateTimeFormat(locale, { ...zoned, timeStyle: 'short', hourCycle: 'h23' });
  const today = new Intl.DateTimeFormat(locale, { ...zoned, dateStyle: 'short' });
  const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' });
  // Without names of days, which a span does not determine: 26 hours may end tomorrow or the day after.
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const present = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  const offset = new Intl.DateTimeFormat(locale, { ...zoned, timeZoneName: 'shortOffset' });

  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    bytes: (value) => {
      // A value that would be rounded to 1,000 of a unit is shown as 1 of the next unit. Single bytes are not rounded.
      const rounded = value < 1000 ? value : value / 0.99995;
      const power = Math.min(BYTE_UNITS.length, Math.floor(Math.log10(Math.max(rounded, 1)) / 3));
      const name = BYTE_UNITS[power - 1];
      // Intl's short form of a byte is a word that has no plural and is always English.
      return name === undefined ? `${number.format(value)} B` : unit(value / 1000 ** power, name, 1);
    },
    usd: (amount) => usd.format(Number(amount)),
    duration: (milliseconds) => {
      if (milliseconds < 10 * SECOND) return unit(milliseconds / SECOND, 'second', 1);
      if (milliseconds < MINUTE) return unit(Math.floor(milliseconds / SECOND), 'second', 0);
      const [large, small, span] =
        milliseconds < HOUR ? (['minute', 'second', MINUTE] as const) : (['hour', 'minute', HOUR] as const);
      const rest = Math.floor((milliseconds % span) / (span / 60));
      return `${unit(Math.floor(milliseconds / span), large, 0)} ${unit(rest, small, 0)}`;
    },
    instant: (iso) => instant.format(new Date(iso)),
    precise: (iso) => precise.format(new Date(iso)),
    brief: (iso, now) => {
      const at = new Date(iso);
      return today.format(at) === today.format(now) ? time.format(at) : instant.format(at);
    },
    day: (isoDay) => day.format(new Date(isoDay)),
    relative: (iso, now) => {
      const distance = Date.parse(iso) - now;
      const [name, span] = (
        [
          ['day', DAY, 2],
          ['hour', HOUR, 1],
          ['minute', MINUTE, 1],
          ['second', SECOND, 1],
        ] as const
      ).find(([, length, least]) => Math.abs(distance) / length + SLACK >= least) ?? ['second', SECOND];
      const amount = Math.sign(distance) * Math.floor(Math.abs(distance) / span + SLACK);
      return amount === 0 ? present : relative.format(amount, name);
    },
    // Every Chinese list of Intl.ListFormat contains a word for "and".
    list: (items) => items.join(locale === 'en' ? ', ' : '、'),
    named: (name, text) => `${name}${locale === 'en' ? ': ' : '：'}${text}`,
    zone: (at) => {
      const then = offset.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value;
      return [instant.resolvedOptions().timeZone, then && `(${then})`].filter(Boolean).join(' ');
    },
  };
}
