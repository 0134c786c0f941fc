/** A webhook in the form in which it is sent. */
export interface SignedWebhook {
  headers: Record<string, string>;
  body: string;
}

export interface PostOptions {
  /** Whether any address is allowed, or only public addresses. */
  allowPrivate: boolean;
  /** Total time for name resolution, connection, request and answer. */
  timeoutMs: number;
}

/**
 * Posts a webhook to an endpoint and resolves to the status of the answer. Treats a redirect like any other answer and
 * does not follow it. Rejects with ADDRESS_REFUSED if the endpoint's address is not public and `allowPrivate` is false;
 * this is permanent if the URL contains the address itself. Rejects with another error if there is no answer in time.
 */
export type PostWebhook = (url: string, webhook: SignedWebhook, options: PostOptions) => Promise<number>;
