/** Every queue there is. A payload holds ids only, never personal data. */
export interface QueuePayloads {
  /** One sealed sign-up to be looked into. */
  registration: { readonly registrationId: string };
  /** One sealed mail of the outbox to be sent. */
  mail: { readonly mailId: string };
  /** One sealed request about an address to be looked into. */
  identity_request: { readonly requestId: string };
  /** What nobody can use any more to be deleted. */
  identity_clean_up: Readonly<Record<string, never>>;
  /** What is left of documents that nobody has any more to be deleted. */
  document_sweep: Readonly<Record<string, never>>;
  /** Kept answers that are not given again any more to be deleted. */
  expired_answers: Readonly<Record<string, never>>;
  /** The ledger's newest checkpoint to be given to one sink. */
  checkpoint: { readonly sink: string };
  /** What the ledger need not keep any longer to be dropped. */
  retention: Readonly<Record<string, never>>;
  /** One candidate's rows and files to be removed. */
  erasure: { readonly erasureId: string };
  /** Erasures to be seen through: those that were given up, and those whose time has come. */
  erasure_due: Readonly<Record<string, never>>;
  /** Published vacancies whose deadline has passed to be closed. */
  vacancy_closing: Readonly<Record<string, never>>;
  /** The applicants of an archived vacancy to be counted. */
  diversity_count: { readonly vacancyId: string };
  /** Those affected by an incident to be told, if its record orders it. */
  incident_notification: { readonly incidentId: string };
  /** An incident to be contained, by the steps that its record orders. */
  incident_containment: { readonly incidentId: string };
  /** Those affected by incidents to be told of whom nobody is telling any more, as far as records order it. */
  incident_notification_due: Readonly<Record<string, never>>;
  /** Incidents to be contained that nobody is at any more, as far as their records order it. */
  incident_containment_due: Readonly<Record<string, never>>;
  /** Offers to be reminded of, and those to be ended that were not answered in time. */
  offers_due: Readonly<Record<string, never>>;
  /** Events of one agency to be handed to its webhook endpoints. */
  webhook_event: { readonly agencyId: string };
  /** One webhook endpoint that something is due for. */
  webhook: { readonly endpointId: string };
  /** Endpoints for which it is time again to be looked for. */
  webhook_due: Readonly<Record<string, never>>;
  /** The ledger's alerts to be told to operators. */
  alerts: Readonly<Record<string, never>>;
  /** Mails of the outbox that are due to be sent, whoever else would. */
  mail_sweep: Readonly<Record<string, never>>;
  /** What clients do to be looked at. */
  unusual_access: Readonly<Record<string, never>>;
}

export type QueueName = keyof QueuePayloads;

export interface QueuePolicy {
  readonly retryLimit: number;
  /** Seconds before the first retry; doubled each time. */
  readonly retryDelay: number;
  readonly retryBackoff: true;
  /** Most seconds between two tries. */
  readonly retryDelayMax?: number;
  /**
   * Of the jobs sent with one key, at any time: `exclusive`: one is queued, waiting for its next try or being done;
   * `stately`: one is queued, one waits for its next try and one is being done, so that none is sent in vain.
   */
  readonly policy?: 'exclusive' | 'stately';
  /** Seconds after which a job counts as lost with its worker; a quarter of an hour unless told. */
  readonly expireInSeconds?: number;
}

export const QUEUES = {
  registration: { retryLimit: 40, retryDelay: 2, retryBackoff: true, retryDelayMax: 300 },
  // What no server could take yet is tried again by the outbox.
  mail: { retryLimit: 3, retryDelay: 5, retryBackoff: true },
  identity_request: { retryLimit: 12, retryDelay: 5, retryBackoff: true },
  identity_clean_up: { retryLimit: 3, retryDelay: 60, retryBackoff: true, policy: 'exclusive' },
  document_sweep: { retryLimit: 3, retryDelay: 60, retryBackoff: true, policy: 'exclusive' },
  expired_answers: { retryLimit: 3, retryDelay: 60, retryBackoff: true, policy: 'exclusive' },
  checkpoint: { retryLimit: 20, retryDelay: 2, retryBackoff: true, retryDelayMax: 300, policy: 'exclusive' },
  retention: { retryLimit: 10, retryDelay: 60, retryBackoff: true, policy: 'exclusive' },
  erasure: { retryLimit: 20, retryDelay: 5, retryBackoff: true, retryDelayMax: 3_600 },
  erasure_due: { retryLimit: 3, retryDelay: 60, retryBackoff: true, policy: 'exclusive' },
  vacancy_closing: { retryLimit: 1, retryDelay: 5, retryBackoff: true, policy: 'exclusive' },
  diversity_count: { retryLimit: 20, retryDelay: 5, retryBackoff: true, retryDelayMax: 3600 },
  incident_notification: { retryLimit: 20, retryDelay: 5, retryBackoff: true, expireInSeconds: 14_400 },
  incident_containment: { retryLimit: 20, retryDelay: 5, retryBackoff: true, expireInSeconds: 14_400 },
  // What fails is tried again with the next minute's.
  incident_notification_due: { retryLimit: 1, retryDelay: 15, retryBackoff: true, policy: 'exclusive' },
  incident_containment_due: { retryLimit: 1, retryDelay: 15, retryBackoff: true, policy: 'exclusive' },
  offers_due: { retryLimit: 3, retryDelay: 60, retryBackoff: true, policy: 'exclusive' },
  webhook_event: { retryLimit: 8, retryDelay: 1, retryBackoff: true, policy: 'stately', expireInSeconds: 60 },
  // Its own retries are for faults of ours; those of a delivery are counted in webhooks.delivery.
  webhook: { retryLimit: 3, retryDelay: 1, retryBackoff: true, policy: 'stately', expireInSeconds: 60 },
  webhook_due: { retryLimit: 1, retryDelay: 5, retryBackoff: true, expireInSeconds: 120 },
  // What fails is tried again with the next minute's.
  mail_sweep: {
    retryLimit: 1,
    retryDelay: 15,
    retryBackoff: true,
    policy: 'exclusive',
    expireInSeconds: 120,
  },
  alerts: { retryLimit: 1, retryDelay: 15, retryBackoff: true, policy: 'exclusive', expireInSeconds: 120 },
  unusual_access: {
    retryLimit: 1,
    retryDelay: 15,
    retryBackoff: true,
    policy: 'exclusive',
    expireInSeconds: 120,
  },
} as const satisfies Record<QueueName, QueuePolicy>;

export const QUEUE_NAMES: readonly QueueName[] = [
  'registration',
  'mail',
  'identity_request',
  'identity_clean_up',
  'document_sweep',
  'expired_answers',
  'checkpoint',
  'retention',
  'erasure',
  'erasure_due',
  'vacancy_closing',
  'diversity_count',
  'incident_notification',
  'incident_containment',
  'incident_notification_due',
  'incident_containment_due',
  'offers_due',
  'webhook_event',
  'webhook',
  'webhook_due',
  'mail_sweep',
  'alerts',
  'unusual_access',
];

export const JOBS_SCHEMA = 'jobs';
