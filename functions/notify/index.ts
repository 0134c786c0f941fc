import { http } from '@google-cloud/functions-framework';
import { postWebhook } from '../../shared/adapters/webhook-sender/post-webhook.ts';
import { openWebhookQueue } from '../../shared/clients/task-queues.ts';
import { openTracing } from '../../shared/clients/tracing.ts';
import { internalFunction } from '../../shared/http/internal-call.ts';
import { MAX_EVENT_BYTES, takeBodiesRaw } from '../../shared/http/json-body.ts';
import { invokerVerifier } from '../../shared/http/verifiers.ts';
import { createLogger } from '../../shared/logging/logger.ts';
import { parseConfig } from './config.ts';
import { notify } from './notify.ts';
import { parseCall } from './notify-call.ts';

const config = parseConfig(process.env);
const logger = createLogger('notify');
takeBodiesRaw(MAX_EVENT_BYTES);

const ports = {
  endpoints: config.WEBHOOK_ENDPOINTS,
  queue: openWebhookQueue(config),
  post: postWebhook,
  pageUrl: config.PAGE_URL,
  clock: () => new Date(),
};

http(
  'notify',
  internalFunction(
    {
      verify: invokerVerifier(config),
      projectId: config.GOOGLE_CLOUD_PROJECT,
      logger,
      tracing: openTracing(config, 'notify', logger),
    },
    parseCall,
    (work, log) => notify(work, ports, log),
  ),
);
