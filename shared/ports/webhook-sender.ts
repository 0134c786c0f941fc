/** A webhook as it is sent. */
export interface SignedWebhook {
  headers: Record<string, string>;
  body: string;
}

export interface PostOptions {
  /** Whether any address will do, or public ones alone. */
  allowPrivate: boolean;
  /** For name, connection, request and answer together. */
  timeoutMs: number;
}

/**
 * Posts to an endpoint and resolves to the status it answers with; a redirect is an answer like any other, and not followed. Rejects with ADDRESS_REFUSED if the endpoint is at an address
 * that is not public and may not be, for good if it is written so; with any other error when there is no answer in time.
 */
export type PostWebhook = (url: string, webhook: SignedWebhook, options: PostOptions) => Promise<number>;
