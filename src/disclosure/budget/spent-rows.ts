import type { EntityManager } from 'typeorm';
import type { AgencyActor } from '../../kernel/context.js';
import type { AgencyId, CandidateId } from '../../kernel/ids.js';
import type { AgencyPurpose } from '../release-policy.js';
import { freeSince, hourOf, type Reach, windowStart } from './budget-policy.js';
import type { Shown } from './shown.js';

/** Whoever reads, and for what. */
export interface Reading {
  readonly actor: AgencyActor;
  readonly purpose: AgencyPurpose;
}

interface Counted {
  /** Of the one that is counted for alone; both are `null` for the agency. */
  readonly client: string | null;
  readonly purpose: AgencyPurpose | null;
  readonly hour: Date;
  readonly candidates: number;
}

/** What was shown within thirty days, by the hour in which each candidate last was, for every reach that has shown any. */
export type ShownByReach = (reach: Reach) => readonly Shown[];

/** @param except candidates who are not counted */
export async function shownByReach(
  manager: EntityManager,
  agency: AgencyId,
  now: Date,
  except: readonly CandidateId[] = [],
): Promise<{ readonly shown: ShownByReach; readonly clients: readonly string[] }> {
  const counted: Counted[] = await manager.query(
    `SELECT client, purpose, hour, count(*)::integer AS candidates FROM (
       SELECT client_id AS client, purpose, max(hour) AS hour FROM disclosure.spent
       WHERE agency_id = $1 AND hour >= $2 AND candidate_id <> ALL ($3::uuid[])
       GROUP BY GROUPING SETS ((candidate_id), (candidate_id, client_id), (candidate_id, purpose))
     ) AS last GROUP BY client, purpose, hour`,
    [agency, windowStart('month', now), except],
  );
  return {
    shown: (reach) => counted.filter(belongsTo(reach)),
    clients: [...new Set(counted.flatMap(({ client }) => client ?? []))].toSorted(),
  };
}

/** The hour in which each of these candidates was last shown within thirty days. */
export async function lastShown(
  manager: EntityManager,
  agency: AgencyId,
  now: Date,
  candidates: readonly CandidateId[],
): Promise<ShownByReach> {
  const counted: Counted[] = await manager.query(
    `SELECT client_id AS client, purpose, max(hour) AS hour, 1 AS candidates FROM disclosure.spent
     WHERE agency_id = $1 AND hour >= $2 AND candidate_id = ANY ($3::uuid[])
     GROUP BY GROUPING SETS ((candidate_id), (candidate_id, client_id), (candidate_id, purpose))`,
    [agency, windowStart('month', now), candidates],
  );
  return (reach) => counted.filter(belongsTo(reach));
}

/** Those of them whom nothing is counted for that makes it free to show them to this client for this purpose. */
export async function costly(
  manager: EntityManager,
  { actor, purpose }: Reading,
  now: Date,
  candidates: readonly CandidateId[],
): Promise<readonly CandidateId[]> {
  const since = freeSince(now);
  const free: { id: CandidateId }[] = await manager.query(
    `SELECT DISTINCT candidate_id AS id FROM disclosure.spent
     WHERE agency_id = $1 AND candidate_id = ANY ($2::uuid[]) AND hour >= $3 AND counted_at > $4
       AND client_id = $5 AND purpose = $6`,
    [actor.agencyId, candidates, hourOf(since), since, actor.clientId, purpose],
  );
  const known = new Set(free.map(({ id }) => id));
  return candidates.filter((candidate) => !known.has(candidate));
}

/** Notes them as shown, and forgets what counts for no window any more. */
export async function noteShown(
  manager: EntityManager,
  { actor, purpose }: Reading,
  now: Date,
  candidates: readonly CandidateId[],
): Promise<void> {
  await manager.query(
    `INSERT INTO disclosure.spent (agency_id, candidate_id, hour, counted_at, client_id, purpose)
     SELECT $1, candidate, $3, $6, $4, $5 FROM unnest($2::uuid[]) AS candidate ON CONFLICT DO NOTHING`,
    [actor.agencyId, candidates, hourOf(now), actor.clientId, purpose, now],
  );
  await manager.query('DELETE FROM disclosure.spent WHERE agency_id = $1 AND hour < $2', [
    actor.agencyId,
    windowStart('month', now),
  ]);
}

const belongsTo =
  (reach: Reach) =>
  ({ client, purpose }: Counted): boolean => {
    switch (reach.kind) {
      case 'agency':
        return client === null && purpose === null;
      case 'client':
        return client === reach.client;
      case 'purpose':
        return purpose === reach.purpose;
    }
  };
