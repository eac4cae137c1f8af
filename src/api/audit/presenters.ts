import type { Locale } from '../../kernel/context.js';
import {
  type EntryProof,
  formatProof,
  type LedgerEntry,
  type PublishedCheckpoint,
  VOCABULARY,
} from '../../ledger/index.js';
import type { CheckpointDto, EventDto, ProofDto } from './dtos.js';

export function presentEvent(entry: LedgerEntry, locale: Locale): EventDto {
  return {
    id: entry.id,
    index: entry.index,
    at: entry.at.toISOString(),
    action: entry.action,
    description: VOCABULARY[entry.action][locale],
    outcome: entry.outcome,
    reason: entry.reason,
    actor: { kind: entry.actorKind, id: entry.actorId },
    client: entry.clientId,
    agency: entry.agencyId,
    session: entry.sessionId,
    resource: { type: entry.resourceType, id: entry.resourceId },
    purpose: entry.purpose,
    requestId: entry.requestId,
    origin: entry.origin,
    count: entry.count,
    subjects: entry.subjects.map(({ subject, application, fields }) => ({
      subject,
      application: application ?? null,
      fields: [...fields],
    })),
  };
}

export function presentCheckpoint({ size, at, note }: PublishedCheckpoint): CheckpointDto {
  return { size, at: at.toISOString(), note };
}

export function presentProof({ index, envelope, hashes, checkpoint }: EntryProof): ProofDto {
  return {
    index,
    entry: envelope.toString('base64'),
    hashes: hashes.map((hash) => hash.toString('base64')),
    checkpoint: presentCheckpoint(checkpoint),
    proof: formatProof({ index, hashes, checkpoint: checkpoint.note }),
  };
}
