import type { GoogleApi } from '../adapters/google-api.ts';
import { once } from './once.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** For this process: one token serves all APIs. */
const openAuth = once(async () => {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth({ scopes: SCOPE });
});

async function openEmulatorAuth() {
  const { PassThroughClient } = await import('google-auth-library');
  return new PassThroughClient();
}

/**
 * Opens the API at `<service>.googleapis.com` or at an emulator (`host:port`). What it needs is loaded with the first
 * call.
 */
export function openGoogleApi(service: 'pubsub' | 'cloudtasks', emulatorHost: string | undefined): GoogleApi {
  const origin = emulatorHost ? `http://${emulatorHost}` : `https://${service}.googleapis.com`;
  const open = once(async () => {
    const { googleApi } = await import('../adapters/google-api.ts');
    return googleApi(origin, await (emulatorHost ? openEmulatorAuth() : openAuth()));
  });
  return async (...call) => (await open())(...call);
}
