import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Throws if the API's OpenAPI description does not allow the response. */
export type OpenApiValidator = (
  method: string,
  path: string,
  answer: { status: number; headers: Headers; body: unknown },
) => void;

interface Description {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>;
}

/** The router's problems for paths that are not in the description. */
const ROUTER_CODES = ['no-such-path', 'method-not-allowed'];

export async function openApiValidator(origin: string): Promise<OpenApiValidator> {
  const description = (await (await fetch(`${origin}/v1/openapi.json`)).json()) as Description;
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true })).addSchema(description, 'api');
  const templates = Object.keys(description.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/:]+')}$`),
  }));
  return (method, path, { status, headers, body }) => {
    const pathname = path.split('?')[0] ?? '';
    const template = templates.find(({ pattern }) => pattern.test(pathname))?.path ?? '';
    const verb = method.toLowerCase();
    const operation = description.paths[template]?.[verb];
    const fault = (what: string) => new Error(`${method} ${path}: ${what}: ${JSON.stringify(body).slice(0, 500)}`);
    if (!operation) {
      if (ROUTER_CODES.includes((body as { code?: string }).code ?? '')) return;
      throw fault(`${status}, but not in the description`);
    }
    const response = operation.responses[status];
    if (!response) throw fault(`${status} is not described`);
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    if (!response.content) return;
    if (!response.content[type]) throw fault(`${status} with ${type} is not described`);
    const pointer = ['paths', template, verb, 'responses', `${status}`, 'content', type, 'schema'];
    const $ref = `api#/${pointer.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const validate = ajv.getSchema($ref);
    if (!validate) throw fault(`no schema at ${$ref}`);
    if (!validate(body)) throw fault(ajv.errorsText(validate.errors));
  };
}
