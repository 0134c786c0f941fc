import type { Issuer } from '../local-cloud/issuer.ts';

const EVERY_MS = 60_000;

/** Cloud Scheduler's part: calls `url` each minute with an OIDC token. */
export function startScheduler(url: string, issuer: Pick<Issuer, 'mintToken'>, serviceAccountEmail: string) {
  const runNow = async () => {
    const claims = { sub: serviceAccountEmail, email: serviceAccountEmail, email_verified: true };
    const token = await issuer.mintToken(claims, { audience: url });
    const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`the sweep answered ${response.status}`);
  };
  // A run that fails is made up for by the next one.
  const timer = setInterval(() => runNow().catch(() => {}), EVERY_MS);
  return { runNow, stop: () => clearInterval(timer) };
}
