import type { RedisOptions } from 'ioredis';

export interface RedisConfig {
  REDIS_URL: string;
  REDIS_CA?: string | undefined;
}

/**
 * Returns the options for a server whose certificate must be signed by one of the authorities in `ca`. A Memorystore
 * instance has an authority of its own, and its certificate names no address. Any server with such a certificate is
 * therefore that instance, and the host name is not verified.
 */
export function trusting(ca: string | undefined): Pick<RedisOptions, 'tls'> {
  return ca === undefined ? {} : { tls: { ca, checkServerIdentity: () => undefined } };
}
