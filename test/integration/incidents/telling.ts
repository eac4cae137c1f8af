import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { type CandidateId, newId, parseId } from '../../../src/kernel/ids.js';
import { Ledger } from '../../../src/ledger/index.js';
import type { IncidentId } from '../../../src/modules/incidents/index.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record, signUpCandidate, systemContext } from '../../support/actors.js';
import { startCommand } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { Mailbox } from '../../support/mailbox.js';
import type { Sceau } from '../../support/sceau.js';
import { openIncident } from './fixture.js';

export interface Person extends CandidateActor {
  readonly id: CandidateId;
}

export async function signUpPeople(sceau: Sceau, count: number): Promise<readonly Person[]> {
  const people: Person[] = [];
  while (people.length < count) {
    const actor = await signUpCandidate(sceau);
    const [row] = await sceau.database.query<{ id: string }>(
      'SELECT id::text FROM identity.account ORDER BY id DESC LIMIT 1',
    );
    const id = parseId<CandidateId>(row?.id ?? '');
    if (id === undefined) throw new Error('The candidate has an account.');
    people.push({ ...actor, id });
  }
  return people;
}

/** Letters about incidents. */
export async function lettersTo({ home }: Sceau, { email }: CandidateActor): Promise<readonly string[]> {
  const all = await new Mailbox(join(home, 'mail')).all();
  return all
    .filter(({ to, subject }) => to.includes(email) && /exposé certaines de vos données/.test(subject))
    .map(({ text }) => text);
}

/** The incidents that stand in somebody's access history. */
export async function ownIncidents({ client }: CandidateActor): Promise<readonly Record<string, unknown>[]> {
  const { incidents } = record((await client.request('/v1/me/access-history')).body);
  return Array.isArray(incidents) ? incidents.map(record) : [];
}

/** In the name of a client that nobody has registered. */
export function someClient() {
  const clientId = newId<'client'>(Date.now());
  const agencyId = newId<'agency'>(Date.now());
  const actor = { kind: 'agency', agencyId, clientId, scopes: [] } as const;
  return { ...systemContext(), actor };
}

/** As if a client had been shown these people. */
export async function show(
  sceau: Sceau,
  context: ReturnType<typeof someClient>,
  who: readonly Person[],
  fields: readonly string[],
): Promise<void> {
  const draft = { action: 'application.disclosed', context, purpose: 'review' } as const;
  const subjects = who.map(({ id: candidate }) => ({ candidate, fields }));
  await sceau.app.get(Ledger).append({ ...draft, subjects }, 'sequenced');
}

/**
 * The same.
 * @param exported of whom all that is held was given too
 * @returns the incident about it
 */
export async function exposed(
  sceau: Sceau,
  operator: PersonClient,
  who: readonly Person[],
  fields: readonly string[],
  exported: readonly Person[],
): Promise<string> {
  const context = someClient();
  for (const { id: candidate } of exported) {
    const all = { action: 'candidate.exported', context, resource: candidate } as const;
    await sceau.app.get(Ledger).append({ ...all, subjects: [{ candidate, fields: [] }] }, 'sequenced');
  }
  await show(sceau, context, who, fields);
  return openIncident(operator, { client: context.actor.clientId });
}

export function idOf(incident: string): IncidentId {
  const id = parseId<IncidentId>(incident);
  if (id === undefined) throw new Error('An incident has an id.');
  return id;
}

/**
 * Kills a run whose second part waits at its end for a lock.
 * @param together how many a part has
 * @param statement takes the lock: of the incident `$1`, on the rows of the candidates `$2`
 */
export async function killNotifying(
  sceau: Sceau,
  people: readonly CandidateId[],
  together: number,
  incident: string,
  statement: string,
): Promise<void> {
  const order = await sceau.database.query<{ id: string }>(
    'SELECT candidate_id::text AS id FROM audit.subject_reference WHERE candidate_id = ANY ($1) ORDER BY reference',
    [people],
  );
  const holder = new pg.Client({ connectionString: sceau.database.ownerUrl });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query(statement, [incident, order.slice(together).map(({ id }) => id)]);
  const child = startCommand(sceau, ['incident', 'notify', incident]);
  await eventually('the second part', async () => {
    const [row] = await sceau.database.query(
      // Not the worker, which notes what has become of a letter.
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ '^(INSERT INTO incidents[.]notice|UPDATE "incidents"[.]"notice" SET "told")'`,
    );
    return row;
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await holder.query('ROLLBACK');
  await holder.end();
}
