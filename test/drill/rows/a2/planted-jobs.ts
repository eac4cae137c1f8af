import { newId } from '../../../../src/kernel/ids.js';
import { QUEUE_NAMES } from '../../../../src/platform/jobs/queues.js';
import { eventually } from '../../../support/eventually.js';
import type { Candidate } from '../../population/candidate.ts';
import { entriesSince } from '../../system/ledger.ts';
import type { DrilledSystem } from '../../system/drilled-system.ts';
import { leaveMailWaiting } from '../../system/waiting-mail.ts';
import type { Attempt } from '../row.ts';
import type { Scene } from './swaps.ts';
import { AS_IDENTITY, AS_SYSTEM } from './writer.ts';

/** Each queue is looked at twice a second. */
const PATIENCE_MS = 30_000;
/** What is only done on orders. */
const ORDERED = ['incident.notified', 'client.suspended', 'agency.budget_set', 'candidate.erased'];

/**
 * A job for each queue, with whatever the thief would have the system open, send or do for them: another candidate's
 * waiting mail as one of their own, an incident's letters, an erasure, an agency's webhooks.
 */
export async function jobsPlanted(scene: Scene): Promise<Attempt> {
  const { system, writer, thief, victim, agency } = scene;
  const { database, mailbox, alerts } = system;
  const waiting = await mailOf(system, victim);
  const stolen = newId<'mail'>(Date.now());
  const opened = await system.command('incident', 'open', '--title', 'Exercice', '--agency', agency.agencyId);
  const data = {
    mailId: stolen,
    registrationId: victim.id,
    requestId: victim.id,
    erasureId: victim.id,
    candidateId: victim.id,
    incidentId: /Incident opened: (\S+)/.exec(opened.out)?.[1],
    vacancyId: agency.vacancy,
    agencyId: agency.agencyId,
    endpointId: agency.clientId,
    sink: 'https://voleur.example.fr',
    to: 'voleur@example.fr',
    steps: ['clients', 'keys'],
  };
  const since = new Date();
  const before = { mails: (await mailbox.all()).length, posted: alerts.posted.length };
  const letter = { id: stolen, account_id: thief.id, message: waiting, created_at: new Date() };
  const outcomes = [
    await writer.plant('platform.outgoing_mail', letter, [AS_IDENTITY, AS_SYSTEM]),
    await writer.plant('webhooks.event', eventOf(scene), [AS_SYSTEM]),
  ];
  const jobs = QUEUE_NAMES.map((name) => ({ id: newId<'job'>(Date.now()), name, data }));
  for (const job of jobs) outcomes.push(await writer.plant('jobs.job', job, [{}]));
  const states = await statesOf(
    system,
    jobs.map(({ id }) => id),
  );
  const mails = (await mailbox.all()).slice(before.mails).map(({ to, text }) => `${to}\n${text}`);
  const sent = [...mails, ...alerts.posted.slice(before.posted)];
  const told = system.search.inText(sent.join('\n'));
  await writer.clear();
  await database.query('DELETE FROM jobs.job WHERE id = ANY ($1::uuid[])', [jobs.map(({ id }) => id)]);
  const refused = outcomes.filter((outcome) => outcome !== 1);
  const ordered = await entriesSince(system, since, ORDERED);
  const still = [victim, thief].map(({ id }) => id);
  const left = await database.query('SELECT FROM identity.account WHERE id = ANY ($1::uuid[])', [still]);
  return {
    tried: `a forged job in each of ${jobs.length} queues, with another candidate’s waiting mail as an own one, an incident, an erasure and an event of another agency’s application: ${outcomes.length - refused.length} of ${outcomes.length} writes accepted, jobs ${states}; ${told.people.size} candidate(s) in ${sent.length} mails and webhooks`,
    obtained: told,
    breaches: [
      ...(refused.length === 0 ? [] : [`Not tried, as jobs were refused: ${refused.join(', ')}.`]),
      ...(told.people.size === 0 ? [] : [`Sent for a planted job: ${told.describe()}.`]),
      ...ordered.map(({ action }) => `A planted job has brought this about: ${action}.`),
      ...(left.length === still.length ? [] : ['Somebody was erased for a planted job.']),
    ],
  };
}

/** @returns the sealed content of a mail to somebody, which does not wait any longer, as a statement has it */
async function mailOf(system: DrilledSystem, { id }: Candidate): Promise<string> {
  await leaveMailWaiting(system, id);
  const [mail] = await system.database.query<{ message: string }>(
    'DELETE FROM platform.outgoing_mail WHERE account_id = $1 RETURNING message::text',
    [id],
  );
  if (mail === undefined) throw new Error('The mail does not wait.');
  return mail.message;
}

/** As if an application to another agency had changed at the own one. */
function eventOf({ system, agency }: Scene): Readonly<Record<string, unknown>> {
  const foreign = system.population.candidates.find((candidate) => candidate.agency !== agency.agencyId);
  return {
    id: newId<'event'>(Date.now()),
    agency_id: agency.agencyId,
    type: 'application.submitted',
    at: new Date(),
    application_id: foreign?.application,
    vacancy_id: foreign?.vacancy,
    application_revision: 2,
    pending: true,
  };
}

/**
 * Once they are done, but for the one that only a witness would have done.
 * @returns how many are in which state, such as `20 completed`
 */
async function statesOf({ database }: DrilledSystem, ids: readonly string[]): Promise<string> {
  const ask = () =>
    database.query<{ state: string; count: number }>(
      `SELECT state::text || CASE WHEN name = 'checkpoint' AND state = 'created' THEN ' (of a witness, which there is none of)' ELSE '' END AS state,
              count(*)::integer AS count
       FROM jobs.job WHERE id = ANY ($1::uuid[]) GROUP BY 1 ORDER BY 1`,
      [ids],
    );
  const found = await eventually(
    'the planted jobs',
    async () => {
      const states = await ask();
      return states.some(({ state }) => state === 'created' || state === 'active') ? undefined : states;
    },
    PATIENCE_MS,
  ).catch(ask);
  return found.map(({ state, count }) => `${count} ${state}`).join(', ');
}
