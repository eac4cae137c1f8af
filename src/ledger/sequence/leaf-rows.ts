import { BIGINT, BYTEA, column, INTEGER, MOMENT, TEXT, UUID } from './binary-rows.js';
import type { CopiedTable } from './copy-rows.js';
import type { StagedEntry, StagedSubject } from './staged-entry.js';

/** An entry, and its place in the tree. */
export interface NewLeaf {
  readonly index: number;
  readonly entry: StagedEntry;
}

/** The bytes that were examined are those that are kept: they do not come from staging a second time. */
export const LEAVES: CopiedTable<NewLeaf> = {
  table: 'audit.leaf',
  columns: [
    column('leaf_index', BIGINT, ({ index }) => index),
    column('at', MOMENT, ({ entry }) => entry.envelope.at),
    column('envelope', BYTEA, ({ entry }) => entry.bytes),
    column('hash', BYTEA, ({ entry }) => entry.leaf),
    column('writer', UUID, ({ entry }) => entry.writer),
    column('n', BIGINT, ({ entry }) => entry.n),
    column('signature', BYTEA, ({ entry }) => entry.signature),
  ],
};

/** What queries filter on, from the entries themselves. */
export const INDEX: CopiedTable<NewLeaf> = {
  table: 'audit.entry',
  columns: [
    column('leaf_index', BIGINT, ({ index }) => index),
    column('entry_id', UUID, ({ entry }) => entry.envelope.id),
    column('at', MOMENT, ({ entry }) => entry.envelope.at),
    column('action', TEXT, ({ entry }) => entry.envelope.action),
    column('outcome', TEXT, ({ entry }) => entry.envelope.outcome),
    column('reason', TEXT, ({ entry }) => entry.envelope.reason),
    column('actor_kind', TEXT, ({ entry }) => entry.envelope.actor.kind),
    column('actor_id', TEXT, ({ entry }) => entry.envelope.actor.id),
    column('client_id', UUID, ({ entry }) => entry.envelope.client),
    column('agency_id', UUID, ({ entry }) => entry.envelope.agency),
    column('session_id', UUID, ({ entry }) => entry.envelope.session),
    column('resource_type', TEXT, ({ entry }) => entry.envelope.resource.type),
    column('resource_id', TEXT, ({ entry }) => entry.envelope.resource.id),
    column('purpose', TEXT, ({ entry }) => entry.envelope.purpose),
    column('request_id', UUID, ({ entry }) => entry.envelope.requestId),
    column('origin_address', TEXT, ({ entry }) => entry.envelope.origin.address),
    column('origin_network', TEXT, ({ entry }) => entry.envelope.origin.network),
    column('count', INTEGER, ({ entry }) => entry.envelope.count),
    column('key', TEXT, ({ entry }) => entry.envelope.key),
  ],
};

/** A subject of an entry. */
export interface NewRecord extends StagedSubject {
  readonly index: number;
  readonly at: string;
  readonly position: number;
}

export const RECORDS: CopiedTable<NewRecord> = {
  table: 'audit.subject_record',
  columns: [
    column('leaf_index', BIGINT, ({ index }) => index),
    column('at', MOMENT, ({ at }) => at),
    column('position', INTEGER, ({ position }) => position),
    column('subject', UUID, ({ subject }) => subject),
    column('record', BYTEA, ({ bytes }) => bytes),
    column('hash', BYTEA, ({ hash }) => hash),
  ],
};
