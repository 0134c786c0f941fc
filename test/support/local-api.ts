import { PassThroughClient } from 'google-auth-library';
import { type GoogleApi, googleApi } from '../../shared/adapters/google-api.ts';

/** The API of a server on this machine, without a token, as the functions call it. */
export const localApi = ({ port }: { port: number }): GoogleApi =>
  googleApi(`http://127.0.0.1:${port}`, new PassThroughClient());
