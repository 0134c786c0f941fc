import type { Issuer } from '../local-cloud/issuer.ts';

const EVERY_MS = 60_000;

/** Stands in for Cloud Scheduler: calls `url` once a minute with an OIDC token. */
export function startScheduler(url: string, issuer: Pick<Issuer, 'mintToken'>, serviceAccountEmail: string) {
  const runNow = async () => {
    const claims = { sub: serviceAccountEmail, email: serviceAccountEmail, email_verified: true };
    const token = await issuer.mintToken(claims, { audience: url });
    const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`the sweep answered ${response.status}`);
  };
  // The next run makes up for one that failed.
  const timer = setInterval(() => runNow().catch(() => {}), EVERY_MS);
  return { runNow, stop: () => clearInterval(timer) };
}
