import { Injectable } from '@nestjs/common';
import { readEnvelope } from '../entry/envelope-reader.js';
import { leafHash, parseCheckpoint, rootOf, verifyInclusion } from '../merkle/index.js';
import { AuditorConnection } from './auditor-connection.js';
import { type EntrySummary, fromRow } from './entry-query.js';
import {
  type ActorRow,
  actorsQuery,
  type ExposureRow,
  exposuresQuery,
  type SubjectRow,
  subjectsQuery,
  totalQuery,
  type TotalRow,
} from './exposure-query.js';
import { LeafSpans } from './leaf-spans.js';
import type { LeafSpan, LedgerFilter, Statement } from './ledger-filter.js';
import { type PublishedCheckpoint, TreeReader } from './tree-reader.js';

/** What some entries gave away, in numbers. */
export interface ExposureTotal {
  readonly entries: number;
  readonly subjects: number;
  readonly first: Date | null;
  readonly last: Date | null;
  /** Of how many subjects all that is held was given, whichever fields are named besides. */
  readonly everything: number;
  /** By field, of how many subjects it was given; most first. */
  readonly fields: readonly { readonly field: string; readonly subjects: number }[];
  /** The tree that was looked through; `null` before the first is signed. */
  readonly checkpoint: PublishedCheckpoint | null;
}

/** What some entries gave away of one subject. */
export interface ExposedSubject {
  /** The subject's reference. */
  readonly subject: string;
  readonly entries: number;
  readonly first: Date;
  readonly last: Date;
  /** None where all that is held was given, whichever fields are named besides. */
  readonly fields: readonly string[];
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

  async total(filter: LedgerFilter): Promise<ExposureTotal> {
    const { checkpoint, span } = await this.#signed(filter);
    const [row] = span === undefined ? [] : await this.#ask<TotalRow>(totalQuery(filter, span));
    const { fields = {}, entries = 0, subjects = 0, first = null, last = null, everything = 0 } = row ?? {};
    const counted = Object.entries(fields).map(([field, count]) => ({ field, subjects: count }));
    return {
      entries,
      subjects,
      first,
      last,
      everything,
      fields: counted.toSorted((a, b) => b.subjects - a.subjects || (a.field < b.field ? -1 : 1)),
      checkpoint: checkpoint ?? null,
    };
  }

  /** In the order of their references. @param limit all of them without one @param after those behind this reference */
  async subjects(filter: LedgerFilter, limit?: number, after?: string): Promise<readonly ExposedSubject[]> {
    const { span } = await this.#signed(filter);
    if (span === undefined) return [];
    const rows = await this.#ask<SubjectRow>(subjectsQuery(filter, span, limit ?? null, after));
    return rows.map((row) => ({ ...row, fields: fieldsOf(row.fields) }));
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

  #ask<Row extends object>({ text, values }: Statement): Promise<readonly Row[]> {
    return this.#auditor.queryPatiently<Row>(text, values);
  }
}

/** Lists of fields as one, each once; none where one of them is empty, which stands for everything. */
function fieldsOf(lists: readonly string[]): readonly string[] {
  const read = lists.map((list): readonly unknown[] => {
    const fields: unknown = JSON.parse(list);
    return Array.isArray(fields) ? fields : [];
  });
  if (read.some((fields) => fields.length === 0)) return [];
  const all = read.flat();
  return [...new Set(all.filter((field) => typeof field === 'string'))].toSorted();
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
