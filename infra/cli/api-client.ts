import { CliError } from './run-cli.ts';

/** A record as the API shows it, as far as the commands use it. */
export interface DownloadRecord {
  id: string;
  report: string;
  status: string;
  history: { status: string; at: string }[];
  stage: number;
  sources: Record<string, { table: string; stage: number; status: string; rows: number; expectedRows?: number }>;
  rows?: number;
  bytes?: number;
  crc32c?: string;
  fileAddress?: string;
  failure?: { code: string; message: string };
}

export interface ReportOrder {
  report: string;
  conditions: unknown;
  locale?: string;
  refresh?: boolean;
}

export interface ApiClient {
  create(order: ReportOrder): Promise<DownloadRecord>;
  get(id: string): Promise<DownloadRecord>;
  file(id: string): Promise<{ url: string; fileName: string }>;
  cancel(id: string): Promise<DownloadRecord>;
}

/** The API of a running system, for one person. A problem it answers with is thrown as a CliError with every fault in it. */
export function apiClient(origin: string, token: string): ApiClient {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new CliError(await describeProblem(response));
    return (await response.json()) as T;
  };
  return {
    create: (order) => call('POST', '/v1/downloads', order),
    get: (id) => call('GET', `/v1/downloads/${id}`),
    file: (id) => call('GET', `/v1/downloads/${id}/file?redirect=false`),
    cancel: (id) => call('POST', `/v1/downloads/${id}:cancel`),
  };
}

async function describeProblem(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.startsWith('application/problem+json'))
    return `${response.status} ${text}`;
  const { status, detail, errors = [], activeId } = JSON.parse(text);
  const faults = errors.map((fault: { path: string; message: string }) => `\n  ${fault.path}: ${fault.message}`);
  return `${status} ${detail}${activeId ? ` (${activeId})` : ''}${faults.join('')}`;
}

const END_STATUSES = ['COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'];

export const isFinished = ({ status }: DownloadRecord) => END_STATUSES.includes(status);
