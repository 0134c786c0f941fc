/** An error in the formats of both of Cloud Storage's APIs. The body of a failed download is the message alone. */
export class StorageError extends Error {
  readonly status: number;
  /** `reason` of the JSON API. */
  readonly reason: string;
  /** `Code` of the XML API. */
  readonly code: string;

  constructor(status: number, reason: string, code: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.code = code;
  }

  toJson(): string {
    const { status, message, reason } = this;
    return JSON.stringify({ error: { code: status, message, errors: [{ message, domain: 'global', reason }] } });
  }

  toXml(): string {
    const message = this.message.replace(/[<&]/g, (character) => (character === '<' ? '&lt;' : '&amp;'));
    return `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${this.code}</Code><Message>${message}</Message></Error>`;
  }
}

export const invalid = (message: string) => new StorageError(400, 'invalid', 'InvalidArgument', message);
export const noSuchBucket = () =>
  new StorageError(404, 'notFound', 'NoSuchBucket', 'The specified bucket does not exist.');
export const noSuchObject = (name: string) => new StorageError(404, 'notFound', 'NoSuchKey', `No such object: ${name}`);
export const noSuchUpload = () => new StorageError(404, 'notFound', 'NoSuchUpload', 'No such upload session.');
export const preconditionFailed = () =>
  new StorageError(
    412,
    'conditionNotMet',
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold.',
  );
export const rangeNotSatisfiable = () =>
  new StorageError(416, 'requestedRangeNotSatisfiable', 'InvalidRange', 'The requested range cannot be satisfied.');
export const unavailable = () =>
  new StorageError(503, 'backendError', 'ServiceUnavailable', 'The service is unavailable. Try again later.');
export const notImplemented = (what: string) =>
  new StorageError(501, 'notImplemented', 'NotImplemented', `Not in the local cloud: ${what}`);
