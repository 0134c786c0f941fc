import { expect, it } from '@jest/globals';
import { createReportRoutes } from '../../functions/create-report/routes.ts';
import { downloadCenterRoutes } from '../../functions/download-center/routes.ts';
import { openApiDocument } from '../../shared/api/openapi.ts';

/** This test never calls the ports. */
const nothing = {} as Parameters<typeof createReportRoutes>[0] & Parameters<typeof downloadCenterRoutes>[0];

it('the description has the routes that the functions serve, and no other', () => {
  const served = [...createReportRoutes(nothing), ...downloadCenterRoutes(nothing)].map(
    ({ method, pattern }) => `${method} ${pattern.pathname.replaceAll('\\', '').replace(/:id\([^)]*\)/, '{id}')}`,
  );
  const described = Object.entries(openApiDocument().paths ?? {}).flatMap(([path, operations]) =>
    Object.keys(operations ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(served.sort()).toEqual(described.sort());
});
