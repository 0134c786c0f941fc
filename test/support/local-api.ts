import { PassThroughClient } from 'google-auth-library';
import { type GoogleApi, googleApi } from '../../shared/adapters/google-api.ts';

/**
 * Returns the API of a server on this machine, for calls without a token that are otherwise like those of the
 * functions.
 */
export const localApi = ({ port }: { port: number }): GoogleApi =>
  googleApi(`http://127.0.0.1:${port}`, new PassThroughClient());
