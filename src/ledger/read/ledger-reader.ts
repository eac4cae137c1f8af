import { Injectable } from '@nestjs/common';
import { Failure } from '../../kernel/errors.js';
import type { CandidateId } from '../../kernel/ids.js';
import { LedgerConnection } from '../append/ledger-connection.js';
import { ALERTS } from '../entry/vocabulary.js';
import { inclusionProof, nodeFromLeaves } from '../merkle/index.js';
import { AuditorConnection } from './auditor-connection.js';
import {
  accessOf,
  actionsQuery,
  entryQuery,
  type EntryRow,
  fromRow,
  historyQuery,
  type LedgerEntry,
  listQuery,
  type SubjectAccess,
} from './entry-query.js';
import { LeafSpans } from './leaf-spans.js';
import type { LedgerFilter, Statement, TimeSpan } from './ledger-filter.js';
import { type Summary, type SummaryKey, summaryOf, summaryQuery, type SummaryRow } from './summary-query.js';
import { type EntryProof, TreeReader } from './tree-reader.js';

/** That one subject's record is part of an entry, without a word about the others. */
export interface RecordProof {
  /** The record's exact bytes: RFC 8785 JSON of nonce, subject, application and fields. */
  readonly record: Buffer;
  readonly position: number;
  /** How many subjects the entry has. */
  readonly size: number;
  /** Inclusion proof under the entry's `subjectsRoot`, lowest hash first. */
  readonly hashes: readonly Buffer[];
}

export interface AccessProof extends EntryProof {
  readonly records: readonly RecordProof[];
}

/** Reads entries as role `sceau_auditor`. */
@Injectable()
export class LedgerReader {
  readonly #auditor: AuditorConnection;
  readonly #app: LedgerConnection;
  readonly #tree: TreeReader;
  readonly #spans: LeafSpans;

  constructor(auditor: AuditorConnection, app: LedgerConnection, tree: TreeReader, spans: LeafSpans) {
    this.#auditor = auditor;
    this.#app = app;
    this.#tree = tree;
    this.#spans = spans;
  }

  /** Newest first. @param before only entries with a smaller index */
  async list(filter: LedgerFilter, limit: number, before?: number): Promise<readonly LedgerEntry[]> {
    const span = await this.#spans.of(filter, before);
    return span === undefined ? [] : this.#entries(listQuery(filter, span, limit));
  }

  /** What the vocabulary calls alerts, newest first. @param before only entries with a smaller index */
  async alerts(time: TimeSpan, limit: number, before?: number): Promise<readonly LedgerEntry[]> {
    const span = await this.#spans.of(time, before);
    return span === undefined ? [] : this.#entries(actionsQuery(ALERTS, time, span, limit));
  }

  /** @param limit most groups that are named */
  async summary(
    by: SummaryKey,
    time: { readonly from: Date; readonly to: Date },
    limit: number,
  ): Promise<Summary> {
    const span = await this.#spans.of(time);
    if (span === undefined) return summaryOf([]);
    const { text, values } = summaryQuery(by, time, span, limit);
    return summaryOf(await this.#auditor.query<SummaryRow>(text, values));
  }

  /** @throws Failure `not_found` */
  async entry(id: string): Promise<LedgerEntry> {
    const { text, values } = entryQuery(id);
    const [row] = await this.#auditor.query<EntryRow>(text, values);
    if (row === undefined) throw new Failure('not_found');
    return fromRow(row);
  }

  /**
   * Every entry that touches one candidate, newest first, without a word about others it touches.
   * @param before only entries with a smaller index
   */
  async historyOf(candidate: CandidateId, limit: number, before?: number): Promise<readonly SubjectAccess[]> {
    const subject = await this.#referenceOf(candidate);
    if (subject === undefined) return [];
    const { text, values } = historyQuery(subject, limit, before);
    const rows = await this.#auditor.query<EntryRow>(text, values);
    return rows.map((row) => accessOf(fromRow(row)));
  }

  /**
   * Proves to a candidate that an entry names them, and in which words.
   * @throws Failure `not_found`, also for an entry that does not touch this candidate
   */
  async proofOfAccess(candidate: CandidateId, entryId: string): Promise<AccessProof> {
    const subject = await this.#referenceOf(candidate);
    const rows = await this.#auditor.query<{ hash: Buffer; record: Buffer | null; isOwn: boolean | null }>(
      `SELECT r.hash, r.record, r.subject = $2 AS "isOwn" FROM audit.entries e
       JOIN audit.subject_records r USING (leaf_index) WHERE e.entry_id = $1 ORDER BY r.position`,
      [entryId, subject],
    );
    const read = nodeFromLeaves(rows.map(({ hash }) => hash));
    const own = rows.flatMap(({ record, isOwn }, position) =>
      isOwn === true && record !== null ? [{ record, position }] : [],
    );
    if (own.length === 0) throw new Failure('not_found');
    const records = own.map(async (found) => ({
      ...found,
      size: rows.length,
      hashes: await inclusionProof(read, found.position, rows.length),
    }));
    return { ...(await this.#tree.proof(entryId)), records: await Promise.all(records) };
  }

  async #entries({ text, values }: Statement): Promise<readonly LedgerEntry[]> {
    return (await this.#auditor.query<EntryRow>(text, values)).map(fromRow);
  }

  async #referenceOf(candidate: CandidateId): Promise<string | undefined> {
    const [row] = await this.#app.query<{ reference: string | null }>(
      'SELECT audit.reference_of($1::uuid)::text AS reference',
      [candidate],
    );
    return row?.reference ?? undefined;
  }
}
