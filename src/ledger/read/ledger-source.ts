import { Injectable } from '@nestjs/common';
import { HASH_BYTES } from '../merkle/index.js';
import { AuditorConnection, type AuditorQuery } from './auditor-connection.js';
import { type EntrySummary, fromRow, rowsQuery, type SummaryRow } from './entry-query.js';
import type { LeafSpan } from './ledger-filter.js';
import type { LedgerLeaf, StoredCheckpoint, StoredEntry, StoredSubject } from './ledger-leaf.js';

/** Places read at once where nothing else is asked for: four tiles. */
const PAGE = 1_024;
const TILE_WIDTH = 256;

/** Each part by an index, whatever the size. Of a tile it is the place at which its last hash begins. */
const STRAY = `SELECT least(min(lowest), min(beyond))::text AS index FROM (
  ${['entries', 'leaves', 'subject_records']
    .map(
      (view) => `SELECT (SELECT min(leaf_index) FROM audit.${view} WHERE leaf_index < 0) AS lowest,
                        (SELECT min(leaf_index) FROM audit.${view} WHERE leaf_index >= $1) AS beyond`,
    )
    .join(' UNION ALL ')}
  UNION ALL SELECT NULL, (SELECT min((index * 256 + octet_length(hashes) / 32 - 1) * width) FROM audit.tiles
    WHERE level = l AND index >= $1 / (width * 256) AND (index * 256 + octet_length(hashes) / 32) * width > $1)
    FROM generate_series(0, 6) AS l, LATERAL (SELECT 1::bigint << (8 * l)) AS w (width)) AS t`;

/** The hour of UTC in which something happened, as text. */
export const hourOf = (at: Date): string => at.toISOString().slice(0, 'YYYY-MM-DDTHH'.length);

interface LeafRow extends Omit<StoredEntry, 'n'> {
  readonly index: string;
  readonly n: string;
}

type CheckpointRow = Omit<StoredCheckpoint, 'size'> & { readonly size: string };

const checkpointOf = (row: CheckpointRow): StoredCheckpoint => ({ ...row, size: Number(row.size) });

/** One page of places. */
export interface Page {
  /** In order; a place that holds more than one entry comes more than once. */
  readonly leaves: readonly LedgerLeaf[];
  /** Kept checkpoints whose size is reached within the page. */
  readonly checkpoints: readonly StoredCheckpoint[];
}

/** Reads the ledger place by place as role `sceau_auditor`, a page at a time. */
@Injectable()
export class LedgerSource {
  readonly #auditor: AuditorConnection;

  constructor(auditor: AuditorConnection) {
    this.#auditor = auditor;
  }

  /** @returns the newest checkpoint, `undefined` before the first one */
  async newest(): Promise<StoredCheckpoint | undefined> {
    const [row] = await this.#auditor.query<CheckpointRow>(
      'SELECT note, epoch, size::text FROM audit.newest_checkpoint',
    );
    return row === undefined ? undefined : checkpointOf(row);
  }

  /** Kept checkpoints of which no page tells: of more than the newest covers, and nobody keeps one before it is that. */
  async strayCheckpoints(): Promise<readonly StoredCheckpoint[]> {
    const rows = await this.#auditor.queryPatiently<CheckpointRow>(
      `SELECT c.note, c.epoch, c.size::text FROM audit.checkpoints c, audit.newest_checkpoint n
       WHERE c.size > n.size OR c.size < 0 ORDER BY c.size, c.epoch`,
    );
    return rows.map(checkpointOf);
  }

  /** Every place from `first` to before `end`, whether there is anything or not. @param width places of a page */
  async *pages(first: number, end: number, width = PAGE): AsyncGenerator<Page, void> {
    const read = (from: number): Promise<Page> | undefined => {
      const page = from < end ? this.#page(from, Math.min(from + width, end)) : undefined;
      // Whoever asks for it hears of a fault; nobody may ask.
      page?.catch(() => undefined);
      return page;
    };
    let [from, ahead] = [first, read(first)];
    // While one is looked at the next one is read.
    for (let page = await ahead; page !== undefined; page = await ahead) {
      from += width;
      ahead = read(from);
      yield page;
    }
  }

  /** The lowest place outside the tree that holds something all the same, or has a hash, or is found by searches, if any. */
  async strayPlace(size: number): Promise<number | undefined> {
    const [row] = await this.#auditor.query<{ index: string | null }>(STRAY, [size]);
    return row?.index == null ? undefined : Number(row.index);
  }

  /** Records of what was given of subjects whom nothing ties to a candidate any more, and no entry says why. */
  async untied(from: Date): Promise<{ readonly first: number; readonly count: number } | undefined> {
    const [row] = await this.#auditor.queryPatiently<{ first: string | null; count: string }>(
      'SELECT min(leaf_index)::text AS first, count(*)::text AS count FROM audit.untied WHERE at >= $1',
      [from],
    );
    return row?.first == null ? undefined : { first: Number(row.first), count: Number(row.count) };
  }

  /** Where searches by time look, by hour (`hourOf`). */
  async hours(): Promise<ReadonlyMap<string, LeafSpan>> {
    const rows = await this.#auditor.query<{ hour: Date; first: string; last: string }>(
      'SELECT hour, first_leaf::text AS first, last_leaf::text AS last FROM audit.hours',
    );
    return new Map(
      rows.map(({ hour, first, last }) => [hourOf(hour), { first: Number(first), last: Number(last) }]),
    );
  }

  /** Hashes of a tile; empty where there is none. */
  async tile(level: number, index: number): Promise<Buffer> {
    const [row] = await this.#auditor.query<{ hashes: Buffer }>(
      'SELECT hashes FROM audit.tiles WHERE level = $1 AND index = $2',
      [level, index],
    );
    return row?.hashes ?? Buffer.alloc(0);
  }

  /** How many entries were dropped with their months until now. */
  async dropped(): Promise<number> {
    const [row] = await this.#auditor.query<{ entries: string }>(
      'SELECT coalesce(sum(entries), 0)::text AS entries FROM audit.months WHERE dropped',
    );
    return Number(row?.entries ?? 0);
  }

  #page(from: number, to: number): Promise<Page> {
    return this.#auditor.snapshot(async (query) => {
      const listed = await listedIn(query, from, to);
      const subjects = await subjectsIn(query, from, to);
      const hashes = await hashesIn(query, from, to);
      const checkpoints = await checkpointsIn(query, from, to);
      const stored = await storedIn(query, from, to);
      const leaves = Array.from({ length: to - from }, (_, place) => from + place).flatMap((index) => {
        const rest = {
          index,
          hash: hashes.get(index),
          listed: listed.get(index),
          subjects: subjects.get(index) ?? [],
        };
        const entries: readonly (StoredEntry | undefined)[] = stored.get(index) ?? [undefined];
        return entries.map((entry): LedgerLeaf => ({ ...rest, stored: entry }));
      });
      return { leaves, checkpoints };
    });
  }
}

async function storedIn(
  query: AuditorQuery,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, readonly StoredEntry[]>> {
  const rows = await query<LeafRow>(
    `SELECT leaf_index::text AS index, at, envelope, hash, writer::text, n::text, signature FROM audit.leaves
       WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index, at`,
    [from, to],
  );
  return Map.groupBy(
    rows.map((row) => ({ ...row, n: Number(row.n), index: Number(row.index) })),
    ({ index }) => index,
  );
}

async function listedIn(
  query: AuditorQuery,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, EntrySummary>> {
  const { text, values } = rowsQuery(from, to);
  const rows = (await query<SummaryRow>(text, values)).map(fromRow);
  return new Map(rows.map((row) => [row.index, row]));
}

async function subjectsIn(
  query: AuditorQuery,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, readonly StoredSubject[]>> {
  const rows = await query<StoredSubject & { index: string }>(
    `SELECT leaf_index::text AS index, record, hash, subject::text, at, position FROM audit.subject_records
       WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index, position`,
    [from, to],
  );
  return Map.groupBy(rows, ({ index }) => Number(index));
}

async function hashesIn(query: AuditorQuery, from: number, to: number): Promise<ReadonlyMap<number, Buffer>> {
  const rows = await query<{ index: string; hashes: Buffer }>(
    'SELECT index::text, hashes FROM audit.tiles WHERE level = 0 AND index >= $1 AND index < $2',
    [Math.floor(from / TILE_WIDTH), Math.ceil(to / TILE_WIDTH)],
  );
  const hashes = new Map<number, Buffer>();
  for (const row of rows) {
    const first = Number(row.index) * TILE_WIDTH;
    for (let at = 0; (at + 1) * HASH_BYTES <= row.hashes.length; at += 1)
      hashes.set(first + at, row.hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
  }
  return hashes;
}

async function checkpointsIn(
  query: AuditorQuery,
  from: number,
  to: number,
): Promise<readonly StoredCheckpoint[]> {
  // That of the empty tree, if there is one, is reached before the first place.
  const rows = await query<CheckpointRow>(
    'SELECT note, epoch, size::text FROM audit.checkpoints c WHERE c.size > $1 AND c.size <= $2 ORDER BY c.size, c.epoch',
    [from === 0 ? -1 : from, to],
  );
  return rows.map(checkpointOf);
}
