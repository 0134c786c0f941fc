import { z } from 'zod';
import { type EventType, eventType } from '../../shared/domain/names.ts';
import { TERMINAL_STATUSES } from '../../shared/domain/record.ts';

export const EVENT_TYPES: readonly EventType[] = TERMINAL_STATUSES.map(eventType);

const MIN_SECRET_BYTES = 24;

const Url = z.url({ protocol: /^https?$/, error: 'not an http or https URL' });
const Secret = z.string().refine(isSecret, { error: `not whsec_ and at least ${MIN_SECRET_BYTES} bytes in base64` });

/** A receiver of webhooks about records. */
const Endpoint = z
  .strictObject({
    /** Identifies the endpoint in task names and logs. */
    id: z.string().regex(/^[\w-]{1,64}$/, { error: 'not 1 to 64 letters, digits, hyphens and underscores' }),
    url: Url,
    /** The secret that signs the webhooks: whsec_ and base64. */
    secret: Secret,
    /** The event types that the endpoint receives; default: all. */
    events: z.array(z.enum(EVENT_TYPES)).min(1).optional(),
    /** The asking system whose records the endpoint receives events about; default: all systems. */
    source: z.string().min(1).optional(),
    /** Whether the endpoint may have a private address, and may do without TLS. */
    allowPrivate: z.boolean().default(false),
  })
  .refine(({ url, allowPrivate }) => allowPrivate || URL.parse(url)?.protocol !== 'http:', {
    path: ['url'],
    error: 'not https, which is for endpoints with allowPrivate alone',
    // Check the URL whatever else is wrong, so that all faults are reported at once.
    when: ({ value }) => Url.safeParse((value as { url?: unknown } | null)?.url).success,
  });

export type Endpoint = z.output<typeof Endpoint>;

const Endpoints = z.array(Endpoint).superRefine((endpoints, { addIssue }) => {
  const ids = endpoints.map(({ id }) => id);
  for (const [index, id] of ids.entries())
    if (ids.indexOf(id) < index)
      addIssue({ code: 'custom', path: [index, 'id'], message: 'taken by another endpoint' });
});

/** A JSON array of endpoints in one variable. Errors do not quote the text, because it contains secrets. */
export const endpointsVariable = z
  .string()
  .default('[]')
  .transform((text, { addIssue }) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(Endpoints);

function isSecret(text: string): boolean {
  const [, key = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  return key.length % 4 === 0 && Buffer.from(key, 'base64').length >= MIN_SECRET_BYTES;
}
