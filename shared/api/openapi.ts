import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { COMMON_PROBLEMS, OPERATIONS, type Operation, TOKEN_PROBLEMS } from './operations.ts';
import { PROBLEM_TYPES, type ProblemCode } from './problem-types.ts';
import { Problem, RecordId } from './schemas.ts';

/** Returns the API as an OpenAPI 3.1 document, generated from the schemas that validate the requests. */
export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of Object.values<Operation>(OPERATIONS)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Report Download Center',
      version: '1',
      description:
        'Asynchronous report exports. Whatever goes wrong is `application/problem+json` (RFC 9457) with a stable `code`, in the language of `Accept-Language` (en, zh-TW, zh-CN).',
    },
    security: [{ bearer: [] }, { session: [] }],
    components: {
      schemas: { Problem },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
      },
    },
    paths,
  });
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const { id, summary, path, query, body, form, open, isOrder } = operation;
  const parameters = {
    ...(path.includes('{id}') ? { path: z.object({ id: RecordId }) } : {}),
    ...(query ? { query } : {}),
    ...(isOrder ? { header: z.object({ 'Idempotency-Key': z.string().min(1).max(255).optional() }) } : {}),
  };
  return {
    operationId: id,
    summary,
    tags: [path.startsWith('/v1/downloads') ? 'Downloads' : 'Catalogue, session, description'],
    ...(open ? { security: [] } : {}),
    requestParams: parameters,
    ...(form
      ? { requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: form } } } }
      : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: { ...answersOf(operation), ...problemsOf(operation) },
  };
}

function answersOf({ answers }: Operation): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => {
      if (typeof answer !== 'string')
        return [status, { description: 'OK', content: { 'application/json': { schema: answer } } }];
      return [
        status,
        answer.includes('/') ? { description: 'a stream', content: { [answer]: {} } } : { description: answer },
      ];
    }),
  );
}

/** Returns the problems that an operation may be answered with, by status. */
function problemsOf(operation: Operation): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(problemCodes(operation), (code) => PROBLEM_TYPES[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      `${status}`,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEM_TYPES[code].detail.en}`).join('; '),
        content: {
          'application/problem+json': {
            schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] },
          },
        },
      },
    ]),
  );
}

export function problemCodes({ open, problems }: Operation): ProblemCode[] {
  return [...new Set<ProblemCode>([...problems, ...(open ? [] : TOKEN_PROBLEMS), ...COMMON_PROBLEMS])];
}
