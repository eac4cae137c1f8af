import { Injectable } from '@nestjs/common';
import { readEnvelope } from '../entry/envelope-reader.js';
import { leafHash, parseCheckpoint, rootOf, verifyInclusion } from '../merkle/index.js';
import { AuditorConnection } from './auditor-connection.js';
import { type EntrySummary, fromRow } from './entry-query.js';
import {
  type ActorRow,
  actorsQuery,
  entriesQuery,
  type ExposureRow,
  exposuresQuery,
  type SubjectRow,
  subjectsQuery,
} from './exposure-query.js';
import { LeafSpans } from './leaf-spans.js';
import type { LeafSpan, LedgerFilter, Statement } from './ledger-filter.js';
import { type PublishedCheckpoint, TreeReader } from './tree-reader.js';

/** What some entries gave away of one subject. */
export interface ExposedSubject {
  /** The subject's reference. */
  readonly subject: string;
  readonly entries: number;
  readonly first: Date;
  readonly last: Date;
  /** None where all that is held was given, whichever fields are named besides. */
  readonly fields: readonly string[];
  /** Fields that are named, where all that is held was given as well. */
  readonly named: readonly string[];
}

/** What some entries gave away. */
export interface Exposed {
  /** In the order of their references. */
  readonly subjects: readonly ExposedSubject[];
  readonly entries: number;
  /** The tree that was looked through; `null` before the first is signed. */
  readonly checkpoint: PublishedCheckpoint | null;
  /** Before this moment there is no content any more, and it was asked for; `null` where nothing is missing. */
  readonly keptFrom: Date | null;
}

/** An entry that gave something away, with what it takes to check it against the checkpoint alone. */
export interface ProvenExposure extends EntrySummary {
  /** The exact bytes that are hashed. */
  readonly envelope: Buffer;
  /** Of every subject, in their order: the record's exact bytes, or the hash of an erased one. */
  readonly records: readonly ({ readonly record: Buffer } | { readonly hash: Buffer })[];
  /** Inclusion proof, lowest hash first. */
  readonly hashes: readonly Buffer[];
  readonly checkpoint: PublishedCheckpoint;
  /** Whether bytes, records and proof lead to the checkpoint's root. */
  readonly holds: boolean;
}

/** An actor that is a client of an agency, or a person. */
export type ExposingActor = ActorRow;

/**
 * Which data some entries of the ledger gave away, to the end of the newest signed checkpoint. Given is what an entry
 * allowed and names a field of: entries come before the data is opened, so that it may be less, and is never more.
 */
@Injectable()
export class Exposures {
  readonly #auditor: AuditorConnection;
  readonly #spans: LeafSpans;
  readonly #tree: TreeReader;

  constructor(auditor: AuditorConnection, spans: LeafSpans, tree: TreeReader) {
    this.#auditor = auditor;
    this.#spans = spans;
    this.#tree = tree;
  }

  /** All of it, in one question. */
  async all(filter: LedgerFilter): Promise<Exposed> {
    const { checkpoint = null, span } = await this.#signed(filter);
    const rows = span === undefined ? [] : await this.#ask<SubjectRow>(subjectsQuery(filter, span, null));
    return {
      subjects: rows.map(subjectOf),
      entries: rows.at(0)?.allEntries ?? 0,
      checkpoint,
      keptFrom: await this.#keptFrom(filter),
    };
  }

  /** How many entries gave something of anybody but these subjects. */
  async entriesWithout(filter: LedgerFilter, except: readonly string[]): Promise<number> {
    const { span } = await this.#signed(filter);
    if (span === undefined) return 0;
    const [row] = await this.#ask<{ entries: number }>(entriesQuery(filter, span, except));
    return row?.entries ?? 0;
  }

  /** Some, in the order of their references. @param after those behind this reference */
  async subjects(filter: LedgerFilter, limit: number, after?: string): Promise<readonly ExposedSubject[]> {
    const { span } = await this.#signed(filter);
    if (span === undefined) return [];
    return (await this.#ask<SubjectRow>(subjectsQuery(filter, span, limit, after))).map(subjectOf);
  }

  /** Newest first. @param before only entries with a smaller index */
  async entries(filter: LedgerFilter, limit: number, before?: number): Promise<readonly ProvenExposure[]> {
    const { checkpoint, span } = await this.#signed(filter, before);
    if (checkpoint === undefined || span === undefined) return [];
    const rows = await this.#ask<ExposureRow>(exposuresQuery(filter, span, limit));
    const paths = await this.#tree.inclusion(
      rows.map(({ index }) => Number(index)),
      checkpoint.size,
    );
    return rows.map((row, at) => provenOf(row, paths[at] ?? [], checkpoint));
  }

  /** Every client and person by whom something of it was done, or tried. */
  async actors(filter: LedgerFilter): Promise<readonly ExposingActor[]> {
    const { span } = await this.#signed(filter);
    return span === undefined ? [] : this.#ask<ActorRow>(actorsQuery(filter, span));
  }

  async #signed(
    filter: LedgerFilter,
    before?: number,
  ): Promise<{ readonly checkpoint?: PublishedCheckpoint; readonly span?: LeafSpan }> {
    const checkpoint = await this.#tree.newestCheckpoint();
    if (checkpoint === undefined) return {};
    const span = await this.#spans.of(filter, Math.min(before ?? checkpoint.size, checkpoint.size));
    return span === undefined ? { checkpoint } : { checkpoint, span };
  }

  async #keptFrom({ from }: LedgerFilter): Promise<Date | null> {
    const [row] = await this.#auditor.query<{ month: string | null }>(
      'SELECT max(month) AS month FROM audit.months WHERE dropped',
      [],
    );
    if (row?.month == null) return null;
    const [year, month] = row.month.split('-').map(Number);
    const kept = new Date(Date.UTC(year ?? 0, month ?? 0));
    return from !== undefined && from >= kept ? null : kept;
  }

  #ask<Row extends object>({ text, values }: Statement): Promise<readonly Row[]> {
    return this.#auditor.queryPatiently<Row>(text, values);
  }
}

function subjectOf({ subject, entries, first, last, fields: lists }: SubjectRow): ExposedSubject {
  const read = lists.map((list): readonly unknown[] => {
    const fields: unknown = JSON.parse(list);
    return Array.isArray(fields) ? fields : [];
  });
  const all = read.flat().filter((field) => typeof field === 'string');
  const named = [...new Set(all)].toSorted();
  // An empty list stands for everything.
  const fields = read.some((list) => list.length === 0) ? [] : named;
  return { subject, entries, first, last, fields, named };
}

function provenOf(
  { envelope, records: stored, ...summary }: ExposureRow,
  hashes: readonly Buffer[],
  checkpoint: PublishedCheckpoint,
): ProvenExposure {
  const entry = fromRow(summary);
  const records = stored.map(({ record, hash }) =>
    record === null ? { hash: Buffer.from(hash, 'base64') } : { record: Buffer.from(record, 'base64') },
  );
  const root = parseCheckpoint(checkpoint.note)?.root;
  const isIn =
    root !== undefined && verifyInclusion(hashes, leafHash(envelope), entry.index, checkpoint.size, root);
  const said = readEnvelope(envelope)?.subjectsRoot;
  const isComplete = said === rootOf(records.map(hashOf)).toString('base64url');
  return { ...entry, envelope, records, hashes, checkpoint, holds: isIn && isComplete };
}

const hashOf = (stored: ProvenExposure['records'][number]): Buffer =>
  'record' in stored ? leafHash(stored.record) : stored.hash;
