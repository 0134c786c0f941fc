import { randomBytes } from 'node:crypto';
import type { HttpFunction, Request, Response } from '@google-cloud/functions-framework';
import { preferredLocale } from '../domain/locale.ts';
import type { Locale } from '../domain/record.ts';
import { type Logger, recordContext, requestContext } from '../logging/logger.ts';
import { methodsAt } from './operation-pattern.ts';
import { Problem, sendProblem } from './problem.ts';

export interface Call {
  request: Request;
  response: Response;
  /** The groups that the path's pattern captured. */
  params: Readonly<Record<string, string | undefined>>;
  /** The language that the caller prefers for the answer. */
  language: Locale;
  /** When the request arrived. */
  since: Date;
  log: Logger;
  /** Returns the logger for lines about a record and its export. */
  logOf: (recordId: string) => Logger;
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  pattern: URLPattern;
  handle: (call: Call) => Promise<void>;
}

export const route = (method: Route['method'], pathname: string, handle: Route['handle']): Route => ({
  method,
  pattern: new URLPattern({ pathname }),
  handle,
});

/** Returns an HTTP function that serves these routes. Every error that a handler throws becomes a problem. */
export function serveRoutes(routes: readonly Route[], projectId: string, logger: Logger): HttpFunction {
  return async (request, response) => {
    const since = new Date();
    const language = preferredLocale(request.acceptsLanguages());
    let log = logger.child(requestContext(projectId, traceparentOf(request)));
    response.set('X-Content-Type-Options', 'nosniff');
    try {
      const url = `http://localhost${request.originalUrl}`;
      const matching = routes.filter(({ pattern }) => pattern.test(url));
      const chosen = matching.find(({ method }) => method === request.method);
      if (!chosen) throw noRoute(request, response, [...matching.map(({ method }) => method), ...methodsAt(url)]);
      const params = chosen.pattern.exec(url)?.pathname.groups ?? {};
      if (params.id !== undefined) log = log.child({ recordId: params.id });
      const logOf = (recordId: string) => logger.child(recordContext(projectId, recordId));
      await chosen.handle({ request, response, params, language, since, log, logOf });
    } catch (error) {
      sendProblem(response, error, log, language);
    }
  };
}

/**
 * Returns the problem of a request that has no route here. `methods` are those that the path supports here or in
 * another function, because one origin fronts all functions.
 */
function noRoute(request: Request, response: Response, methods: readonly string[]): Problem {
  const { path } = request;
  if (methods.length === 0) return new Problem('no-such-path', { path });
  const allowed = [...new Set(methods)].join(', ');
  response.setHeader('Allow', allowed);
  return new Problem('method-not-allowed', { path, allowed });
}

/** Returns the traceparent from the platform or the caller, or a new one. */
export function traceparentOf(request: Request): string {
  const given = request.get('traceparent');
  if (given !== undefined && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given)) return given;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}
