import type pg from 'pg';
import type { Query } from '../append/staging-statements.js';
import type { StreamKind } from '../entry/entry.js';
import type { Gap, KnownWriter, Refusal } from './admission.js';
import type { StagedRow } from './staged-entry.js';

/** Bytes come in base64, which is shorter and faster made than hexadecimal digits. */
interface EncodedRow {
  readonly envelope: string;
  readonly subjects: string;
  readonly signature: string;
}

/**
 * The id (UUIDv7) with which what is kept begins: no month is dropped before twelve others are over. Whoever writes that
 * a month of today was dropped would otherwise keep everything out of the tree, the alarms about it included.
 */
const KEPT_FROM = `(lpad(to_hex((extract(epoch FROM now() - interval '12 months') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`;

/** The sequencer's statements about what is staged and who has staged it. */
export class StagingStore {
  readonly #client: pg.Client;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  readonly query: Query = async <Row extends object>(text: string, values: unknown[]) =>
    (await this.#client.query<Row>(text, values)).rows;

  /**
   * Whatever is there now, whenever it was numbered: an entry that commits late is not overlooked. Ordered by the column
   * and not by its text, which has no index: the cost does not grow with the queue.
   * @param except ids of entries that are being taken already
   */
  async oldest(limit: number, except: readonly string[] = []): Promise<readonly StagedRow[]> {
    const { rows } = await this.#client.query<Omit<StagedRow, keyof EncodedRow> & EncodedRow>(
      `SELECT entry_id::text, writer::text, n::text, encode(envelope, 'base64') AS envelope,
              encode(subjects, 'base64') AS subjects, encode(signature, 'base64') AS signature,
              (extract(epoch FROM clock_timestamp() - staged_at) * 1000)::float8 AS waited_ms
       FROM audit.staging s WHERE entry_id <> ALL ($2::uuid[]) ORDER BY s.entry_id LIMIT $1`,
      [limit, [...except]],
    );
    return rows.map((row) => ({
      ...row,
      envelope: Buffer.from(row.envelope, 'base64'),
      subjects: Buffer.from(row.subjects, 'base64'),
      signature: Buffer.from(row.signature, 'base64'),
    }));
  }

  /** Which of these entries are in the tree already, or are of a month whose contents were dropped. */
  async sequenced(entryIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.#client.query<{ id: string }>(
      `SELECT entry_id::text AS id FROM audit.entry WHERE entry_id = ANY ($1::uuid[])
       UNION SELECT id::text FROM unnest($1::uuid[]) AS t (id)
       JOIN audit.dropped_month d ON id >= d.first_id AND id < d.end_id WHERE id < ${KEPT_FROM}`,
      [[...entryIds]],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** The writers of which some of what seems to be missing is staged. */
  async staged(gaps: readonly Gap[]): Promise<ReadonlySet<string>> {
    if (gaps.length === 0) return new Set();
    const { rows } = await this.#client.query<{ writer: string }>(
      `SELECT g.writer::text FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS g (writer, first, last)
       WHERE EXISTS (SELECT FROM audit.staging s WHERE s.writer = g.writer AND s.n BETWEEN g.first AND g.last)`,
      [gaps.map(({ writer }) => writer), gaps.map(({ from }) => from), gaps.map(({ to }) => to)],
    );
    return new Set(rows.map(({ writer }) => writer));
  }

  async writers(ids: readonly string[]): Promise<readonly KnownWriter[]> {
    const { rows } = await this.#client.query<{
      writer: string;
      stream: StreamKind;
      key: Buffer;
      mark: string;
      sequenced: string;
      last: Buffer | null;
    }>(
      `SELECT writer::text, stream, public_key AS key, mark, sequenced::text, last
       FROM audit.writer WHERE writer = ANY ($1::uuid[])`,
      [[...new Set(ids)]],
    );
    return rows.map(({ writer, stream, key, mark, sequenced, last }) => ({
      introduction: { writer, stream, key: key.toString('base64url'), mark },
      sequenced: Number(sequenced),
      last: last ?? undefined,
    }));
  }

  async keepWriters(writers: readonly KnownWriter[]): Promise<void> {
    await this.#client.query(
      `INSERT INTO audit.writer (writer, stream, public_key, mark, sequenced, last)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::bigint[], $6::bytea[])
       ON CONFLICT (writer) DO UPDATE SET sequenced = excluded.sequenced, last = excluded.last`,
      [
        writers.map(({ introduction }) => introduction.writer),
        writers.map(({ introduction }) => introduction.stream),
        writers.map(({ introduction }) => Buffer.from(introduction.key, 'base64url')),
        writers.map(({ introduction }) => introduction.mark),
        writers.map(({ sequenced }) => sequenced),
        writers.map(({ last }) => last ?? null),
      ],
    );
  }

  /** Puts aside what is refused, for the inquiry. */
  async quarantine(refused: readonly Refusal[]): Promise<void> {
    const ids = refused.map(({ entryId }) => entryId);
    await this.#client.query(
      `INSERT INTO audit.quarantine (entry_id, writer, n, envelope, subjects, signature, staged_at, objection)
       SELECT s.entry_id, s.writer, s.n, s.envelope, s.subjects, s.signature, s.staged_at, t.objection
       FROM unnest($1::uuid[], $2::text[]) AS t (id, objection) JOIN audit.staging s ON s.entry_id = t.id`,
      [ids, refused.map(({ objection }) => objection)],
    );
    await unstage(this.#client, ids);
  }
}

/** @throws Error when one of them is not there any more, so that nothing is sequenced twice */
export async function unstage(client: pg.Client, entryIds: readonly string[]): Promise<void> {
  const { rowCount } = await client.query('DELETE FROM audit.staging WHERE entry_id = ANY ($1::uuid[])', [
    [...entryIds],
  ]);
  if (rowCount !== entryIds.length) throw new Error('Somebody else has taken staged entries.');
}
