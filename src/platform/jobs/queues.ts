/** Every queue there is. A payload holds ids only, never personal data. */
export interface QueuePayloads {
  /** One sealed mail of the outbox to be sent. */
  mail: { readonly mailId: string };
}

export type QueueName = keyof QueuePayloads;

interface QueuePolicy {
  readonly retryLimit: number;
  /** Seconds before the first retry; doubled each time. */
  readonly retryDelay: number;
  readonly retryBackoff: true;
}

export const QUEUES = {
  mail: { retryLimit: 12, retryDelay: 5, retryBackoff: true },
} as const satisfies Record<QueueName, QueuePolicy>;

export const QUEUE_NAMES: readonly QueueName[] = ['mail'];

export const JOBS_SCHEMA = 'jobs';
