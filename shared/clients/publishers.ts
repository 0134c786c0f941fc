import { eventPublisher, stagePublisher } from '../adapters/pubsub-publisher.ts';
import { topicName } from '../domain/names.ts';
import type { EventPublisher, StagePublisher } from '../ports/messages.ts';
import { openGoogleApi } from './google-apis.ts';

interface PubSubConfig {
  GOOGLE_CLOUD_PROJECT: string;
  PUBSUB_EMULATOR_HOST?: string | undefined;
}

export function openStagePublisher(config: PubSubConfig & { QUERY_TOPIC: string }): StagePublisher {
  return stagePublisher(openPubSub(config), topicName(config.GOOGLE_CLOUD_PROJECT, config.QUERY_TOPIC));
}

export function openEventPublisher(config: PubSubConfig & { EVENT_TOPIC: string }): EventPublisher {
  return eventPublisher(openPubSub(config), topicName(config.GOOGLE_CLOUD_PROJECT, config.EVENT_TOPIC));
}

const openPubSub = ({ PUBSUB_EMULATOR_HOST }: PubSubConfig) => openGoogleApi('pubsub', PUBSUB_EMULATOR_HOST);
