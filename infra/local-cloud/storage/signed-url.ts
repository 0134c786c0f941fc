import { createHash, type KeyObject, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { StorageError } from './errors.ts';

/** The service account that may sign, and its public key. */
export interface Signer {
  clientEmail: string;
  publicKey: KeyObject;
}

interface SignedRequest {
  method: string;
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
}

const ALGORITHM = 'GOOG4-RSA-SHA256';
const SEVEN_DAYS = 604_800;
const CLOCK_SKEW_SECONDS = 15 * 60;

const malformed = (message: string) => new StorageError(400, 'invalid', 'MalformedSecurityHeader', message);
const denied = (message: string) => new StorageError(403, 'forbidden', 'AccessDenied', message);

/**
 * Verifies a V4 signed URL (cloud.google.com/storage/docs/authentication/canonical-requests). `path` and `query` are
 * those of the request line. Throws Cloud Storage's errors: AccessDenied for a missing or foreign signature,
 * MalformedSecurityHeader, ExpiredToken, SignatureDoesNotMatch.
 *
 * The official client signs the host without its port, so the port is ignored here, too.
 */
export function verifySignedUrl({ method, path, query, headers }: SignedRequest, signer: Signer): void {
  const parameters = parseQuery(query);
  const parameter = (name: string) => parameters.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  if (parameter('x-goog-signature') === '') throw denied('Anonymous caller does not have storage.objects.get access.');
  if (parameter('x-goog-algorithm') !== ALGORITHM) throw malformed('Invalid algorithm.');

  const date = parameter('x-goog-date');
  requireInTime(date, parameter('x-goog-expires'));

  const scope = `${date.slice(0, 8)}/auto/storage/goog4_request`;
  if (parameter('x-goog-credential') !== `${signer.clientEmail}/${scope}`) throw denied('Invalid credential.');

  const signedHeaders = parameter('x-goog-signedheaders').split(';');
  if (!signedHeaders.includes('host')) throw malformed('The host header must be signed.');
  const canonicalHeaders = signedHeaders.map((name) => {
    const value = headers[name];
    if (value === undefined) throw malformed(`Header was included in signedheaders, but not in the request: ${name}`);
    const text = String(value)
      .trim()
      .replace(/\s{2,}/g, ' ');
    return `${name}:${name === 'host' ? text.replace(/:\d+$/, '') : text}\n`;
  });
  const canonicalQuery = parameters
    .filter(([key]) => key.toLowerCase() !== 'x-goog-signature')
    .map(([key, value]) => ({ key: encode(key), value: encode(value) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => `${key}=${value}`)
    .join('&');
  const canonicalPath = path
    .split('/')
    .map((segment) => encode(decode(segment)))
    .join('/');
  const canonicalRequest = [
    method,
    canonicalPath,
    canonicalQuery,
    canonicalHeaders.join(''),
    signedHeaders.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const hash = createHash('sha256').update(canonicalRequest).digest('hex');
  const stringToSign = [ALGORITHM, date, scope, hash].join('\n');
  const signature = Buffer.from(parameter('x-goog-signature'), 'hex');
  if (!verify('RSA-SHA256', Buffer.from(stringToSign), signer.publicKey, signature)) {
    throw new StorageError(
      403,
      'forbidden',
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your Google secret key and signing method.',
    );
  }
}

function requireInTime(date: string, expires: string): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!match) throw malformed('Invalid date.');
  const [, year, month, day, hour, minute, second] = match;
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
  const seconds = Number(expires);
  if (expires === '' || !(seconds >= 0 && seconds <= SEVEN_DAYS)) throw malformed('Invalid expiration.');
  const now = Date.now() / 1000;
  if (signedAt > now + CLOCK_SKEW_SECONDS) throw denied('Request is not valid yet.');
  if (now <= signedAt + seconds) return;
  throw new StorageError(400, 'invalid', 'ExpiredToken', 'The provided token has expired.');
}

function parseQuery(query: string): [key: string, value: string][] {
  return query
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [key = '', ...rest] = pair.split('=');
      return [decode(key), decode(rest.join('='))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('Invalid percent-encoding.');
  }
}

/** RFC 3986: everything but letters, digits and `-._~`. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
