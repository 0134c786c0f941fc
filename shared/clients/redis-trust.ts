import type { RedisOptions } from 'ioredis';

export interface RedisConfig {
  REDIS_URL: string;
  REDIS_CA?: string | undefined;
}

/**
 * The options for a server whose certificate those authorities alone have signed. A Memorystore instance has an authority to itself, and a certificate
 * that names no address: who bears one is the server, so nothing is held against the host's name.
 */
export function trusting(ca: string | undefined): Pick<RedisOptions, 'tls'> {
  return ca === undefined ? {} : { tls: { ca, checkServerIdentity: () => undefined } };
}
