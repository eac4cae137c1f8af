import type { Locale } from '../../kernel/context.js';
import { worded } from '../../kernel/wording.js';
import { explainAlert } from '../../modules/alerts/index.js';
import {
  describeAction,
  type EntryProof,
  formatProof,
  isAction,
  type LedgerEntry,
  type PublishedCheckpoint,
  VOCABULARY,
} from '../../ledger/index.js';
import type { CheckpointDto } from './checkpoints/checkpoint.dtos.js';
import type { EventDto } from './events/event.dtos.js';
import type { AlertDto } from './overview/overview.dtos.js';
import type { ProofDto } from './events/proof.dto.js';

export function presentEvent(entry: LedgerEntry, locale: Locale): EventDto {
  return {
    id: entry.id,
    index: entry.index,
    at: entry.at.toISOString(),
    action: entry.action,
    description: describeAction(entry.action, locale),
    outcome: entry.outcome,
    reason: entry.reason,
    actor: { kind: entry.actorKind, id: entry.actorId },
    client: entry.clientId,
    agency: entry.agencyId,
    session: entry.sessionId,
    key: entry.key,
    resource: { type: entry.resourceType, id: entry.resourceId },
    purpose: entry.purpose,
    requestId: entry.requestId,
    origin: entry.originNetwork,
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

export function presentProof({ index, envelope, leaf, writer, hashes, checkpoint }: EntryProof): ProofDto {
  return {
    index,
    entry: envelope.toString('base64'),
    leaf: leaf.toString('base64'),
    writer: { ...writer, signature: writer.signature.toString('base64') },
    hashes: hashes.map((hash) => hash.toString('base64')),
    checkpoint: presentCheckpoint(checkpoint),
    proof: formatProof({ index, hashes, checkpoint: checkpoint.note }),
  };
}

export function presentAlert(entry: LedgerEntry, locale: Locale): AlertDto {
  const level = (isAction(entry.action) ? VOCABULARY[entry.action].alert : undefined) ?? 'warning';
  const why = explainAlert(entry);
  const explanation = why === undefined ? null : worded(why, locale);
  return { ...presentEvent(entry, locale), explanation, level };
}
