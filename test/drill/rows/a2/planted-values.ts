import { randomBytes } from 'node:crypto';
import { newId } from '../../../../src/kernel/ids.js';
import type { Scene } from './swaps.ts';

type Values = Readonly<Record<string, unknown>>;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Whose row a table's is, by the column that says so. */
export const OWNERS = ['candidate_id', 'account_id', 'subject_id'] as const;

/** What columns of these names are, wherever they are the thief's to choose. */
export const knownValues = ({ thief, agency }: Scene): Values => ({
  agency_id: agency.agencyId,
  client_id: agency.clientId,
  application_id: thief.application,
  vacancy_id: agency.vacancy,
});

/** What a row needs besides, in a table where checks or triggers want something of a certain form. */
export function valuesOf(table: string, { system, thief }: Scene): Values {
  const now = new Date();
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  const elsewhere = system.population.agencies.at(-1);
  const object = randomBytes(16).toString('hex');
  // About the thief, these would only keep the thief themself from reading, and hide what the other rows do.
  const nobody = newId<'planted'>(now.getTime());
  const values: Readonly<Record<string, Values>> = {
    'agencies.budget': { hour: 5_000, set_at: now, until: new Date(now.getTime() + DAY_MS) },
    // To another agency: there is one open application a vacancy.
    'applications.application': { agency_id: elsewhere?.agencyId, vacancy_id: elsewhere?.vacancy },
    'disclosure.spent': { counted_at: now, hour },
    'disclosure.warned': { hour },
    'documents.document': { object, kind: 'cv', media_type: 'application/pdf' },
    'documents.loose_object': { object },
    'identity.federation_state': { purpose: 'link' },
    'identity.ticket': { purpose: 'password_reset' },
    // Under one key many a queue lets only one job wait or be done.
    'jobs.job': { singleton_key: object },
    'jobs.job_common': { singleton_key: object },
    'keys.subject_rotation': { subject_id: nobody, to_version: 2 },
    'keys.tombstone': { subject_id: nobody },
    'platform.idempotency': { actor: `account:${thief.id}` },
    'platform.subject_key_floor': { subject_id: nobody, version: 2 },
    'privacy.erasure': { candidate_id: nobody },
    'webhooks.endpoint': { event_types: ['application.submitted'] },
    'webhooks.event': { type: 'application.submitted', application_revision: 2 },
  };
  return values[table] ?? {};
}
