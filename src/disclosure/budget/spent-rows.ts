import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyActor } from '../../kernel/context.js';
import type { AgencyId, CandidateId } from '../../kernel/ids.js';
import { RowMacs, type SecurityRecord } from '../../sealing/index.js';
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

/** Planted rows too: they only leave less. @param except candidates who are not counted */
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

/** A row, and who says that it is ours. */
interface SpentRow {
  readonly candidate: CandidateId;
  readonly client: string;
  readonly purpose: AgencyPurpose;
  readonly hour: Date;
  readonly countedAt: Date;
  readonly mac: Buffer;
}

const COLUMNS =
  'candidate_id AS candidate, client_id AS client, purpose, hour, counted_at AS "countedAt", mac';

/**
 * What agencies were shown. Any row counts; only one that we have written says that somebody was shown already, so that
 * whoever plants rows reads no more by them.
 */
@Injectable()
export class SpentRows {
  readonly #macs: RowMacs;

  constructor(macs: RowMacs) {
    this.#macs = macs;
  }

  /** The hour in which each of these candidates was last shown within thirty days. */
  async lastShown(
    manager: EntityManager,
    agency: AgencyId,
    now: Date,
    candidates: readonly CandidateId[],
  ): Promise<ShownByReach> {
    const rows: readonly SpentRow[] = await manager.query(
      `SELECT DISTINCT ON (candidate_id, client_id, purpose) ${COLUMNS} FROM disclosure.spent
       WHERE agency_id = $1 AND hour >= $2 AND candidate_id = ANY ($3::uuid[])
       ORDER BY candidate_id, client_id, purpose, hour DESC`,
      [agency, windowStart('month', now), candidates],
    );
    const ours = await this.#ours(agency, rows);
    return (reach) => {
      const last = new Map<CandidateId, Date>();
      for (const row of ours) {
        const before = last.get(row.candidate);
        const isOfReach = reach.kind === 'agency' || belongsTo(reach)(row);
        if (isOfReach && (before === undefined || row.hour > before)) last.set(row.candidate, row.hour);
      }
      return [...last.values()].map((hour) => ({ hour, candidates: 1 }));
    };
  }

  /** Those of them whom nothing is counted for that makes it free to show them to this client for this purpose. */
  async costly(
    manager: EntityManager,
    { actor, purpose }: Reading,
    now: Date,
    candidates: readonly CandidateId[],
  ): Promise<readonly CandidateId[]> {
    const since = freeSince(now);
    const rows: readonly SpentRow[] = await manager.query(
      `SELECT ${COLUMNS} FROM disclosure.spent
       WHERE agency_id = $1 AND candidate_id = ANY ($2::uuid[]) AND hour >= $3 AND counted_at > $4
         AND client_id = $5 AND purpose = $6`,
      [actor.agencyId, candidates, hourOf(since), since, actor.clientId, purpose],
    );
    const known = new Set((await this.#ours(actor.agencyId, rows)).map(({ candidate }) => candidate));
    return candidates.filter((candidate) => !known.has(candidate));
  }

  /** Notes them as shown, and forgets what counts for no window any more. */
  async note(
    manager: EntityManager,
    { actor: { agencyId, clientId }, purpose }: Reading,
    now: Date,
    candidates: readonly CandidateId[],
  ): Promise<void> {
    const macs = await Promise.all(
      candidates.map((candidate) =>
        this.#macs.mac(spentRecord(agencyId, { candidate, client: clientId, purpose, countedAt: now })),
      ),
    );
    await manager.query(
      `INSERT INTO disclosure.spent (agency_id, candidate_id, hour, counted_at, client_id, purpose, mac)
       SELECT $1, candidate, $3, $6, $4, $5, mac FROM unnest($2::uuid[], $7::bytea[]) AS shown (candidate, mac)
       ON CONFLICT DO NOTHING`,
      [agencyId, candidates, hourOf(now), clientId, purpose, now, macs],
    );
    await manager.query('DELETE FROM disclosure.spent WHERE agency_id = $1 AND hour < $2', [
      agencyId,
      windowStart('month', now),
    ]);
  }

  async #ours(agency: AgencyId, rows: readonly SpentRow[]): Promise<readonly SpentRow[]> {
    const genuine = await Promise.all(
      rows.map((row) => this.#macs.isGenuine(spentRecord(agency, row), row.mac)),
    );
    return rows.filter((_, at) => genuine[at]);
  }
}

/** What the MAC of a row covers: everything, of which the hour follows from the moment. */
function spentRecord(
  agency: AgencyId,
  { candidate, client, purpose, countedAt }: Omit<SpentRow, 'hour' | 'mac'>,
): SecurityRecord {
  return {
    kind: 'disclosure_spent',
    id: candidate,
    revision: 0,
    columns: [
      ['agency_id', agency],
      ['client_id', client],
      ['purpose', purpose],
      ['counted_at', countedAt],
    ],
  };
}

const belongsTo =
  (reach: Reach) =>
  ({ client, purpose }: Pick<Counted, 'client' | 'purpose'>): boolean => {
    switch (reach.kind) {
      case 'agency':
        return client === null && purpose === null;
      case 'client':
        return client === reach.client;
      case 'purpose':
        return purpose === reach.purpose;
    }
  };
