import { Injectable } from '@nestjs/common';
import type { CandidateId } from '../../kernel/ids.js';
import { LedgerConnection } from '../append/ledger-connection.js';
import { findTies } from '../append/staging-statements.js';
import { TieMarks } from '../append/tie-marks.js';
import { splitRecords } from '../entry/subject-record.js';
import { HASH_BYTES, inclusionProof, nodeFromLeaves } from '../merkle/index.js';
import { AuditorConnection } from './auditor-connection.js';
import { type HistoryRow, historyQuery } from './history-query.js';
import { fromRow, type EntrySummary } from './entry-query.js';
import { readRecord } from './read-record.js';
import { type PublishedCheckpoint, TreeReader } from './tree-reader.js';

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

/** That an entry is in the signed tree, and names one subject in these words. */
export interface AccessProof {
  readonly index: number;
  /** The exact bytes that are hashed. */
  readonly envelope: Buffer;
  /** Inclusion proof, lowest hash first. */
  readonly hashes: readonly Buffer[];
  readonly checkpoint: PublishedCheckpoint;
  readonly records: readonly RecordProof[];
}

/** One entry as one subject may see it. */
export interface SubjectAccess extends EntrySummary {
  /** `null` where it was none, or more than one. */
  readonly applicationId: string | null;
  readonly fields: readonly string[];
  readonly proof: AccessProof;
}

/** The ledger seen from one candidate's side. */
@Injectable()
export class SubjectHistory {
  readonly #auditor: AuditorConnection;
  readonly #app: LedgerConnection;
  readonly #tree: TreeReader;
  readonly #marks: TieMarks;

  constructor(auditor: AuditorConnection, app: LedgerConnection, tree: TreeReader, marks: TieMarks) {
    this.#auditor = auditor;
    this.#app = app;
    this.#tree = tree;
    this.#marks = marks;
  }

  /**
   * Every entry that touches one candidate and that the newest checkpoint covers, newest first, each with its proof.
   * @param before only entries with a smaller index
   * @throws Failure `ledger_unavailable` when the candidate's tie to the ledger was altered
   */
  async of(candidate: CandidateId, limit: number, before?: number): Promise<readonly SubjectAccess[]> {
    const subject = await this.#referenceOf(candidate);
    const checkpoint = await this.#tree.newestCheckpoint();
    if (subject === undefined || checkpoint === undefined) return [];
    const { text, values } = historyQuery(
      subject,
      limit,
      Math.min(before ?? checkpoint.size, checkpoint.size),
    );
    const rows = await this.#auditor.query<HistoryRow>(text, values);
    const paths = await this.#tree.inclusion(
      rows.map((row) => Number(row.index)),
      checkpoint.size,
    );
    return Promise.all(rows.map((row, at) => accessOf(row, paths[at] ?? [], checkpoint)));
  }

  async #referenceOf(candidate: CandidateId): Promise<string | undefined> {
    const ties = await findTies(this.#app.query, [candidate]);
    await this.#marks.requireOurs(ties);
    return ties[0]?.reference;
  }
}

async function accessOf(
  row: HistoryRow,
  hashes: readonly Buffer[],
  checkpoint: PublishedCheckpoint,
): Promise<SubjectAccess> {
  const { envelope, records: joined, positions, recordHashes, ...summary } = row;
  const size = recordHashes.length / HASH_BYTES;
  const read = nodeFromLeaves(
    Array.from({ length: size }, (_, at) => recordHashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
  );
  const own = splitRecords(joined);
  const records = own.map(async (record, at): Promise<RecordProof> => {
    const position = positions[at] ?? 0;
    return { record, position, size, hashes: await inclusionProof(read, position, size) };
  });
  const said = own.flatMap((record) => readRecord(record) ?? []);
  const [application, ...others] = new Set(said.map((record) => record.application ?? null));
  const entry = fromRow(summary);
  return {
    ...entry,
    applicationId: others.length === 0 ? (application ?? null) : null,
    fields: [...new Set(said.flatMap((record) => record.fields))],
    proof: { index: entry.index, envelope, hashes, checkpoint, records: await Promise.all(records) },
  };
}
