import canonicalize from 'canonicalize';
import type { Actor, RequestContext } from '../../kernel/context.js';
import type { AgencyId, ApplicationId, CandidateId } from '../../kernel/ids.js';
import { leafHash, rootOf } from '../merkle/hashes.js';
import { type Action, type EntryPurpose, type Outcome, VOCABULARY } from './vocabulary.js';

/** One candidate that a request touched, and which of their fields. */
export interface TouchedSubject {
  readonly candidate: CandidateId;
  readonly application?: ApplicationId;
  readonly fields: readonly string[];
}

/** What a room has to say about something that happened. Codes and ids only: no name, address, token or free text. */
export interface EntryDraft {
  readonly action: Action;
  readonly context: RequestContext;
  /** Id of what the action was done to; its type follows from the action. */
  readonly resource?: string;
  readonly agency?: AgencyId;
  readonly purpose?: EntryPurpose;
  readonly outcome?: Outcome;
  /** A code in snake_case. */
  readonly reason?: string;
  readonly subjects?: readonly TouchedSubject[];
  /** How many things were done at once, where that is not the number of subjects. */
  readonly count?: number;
  /** Raw Ed25519 key of a writer that introduces itself, in base64url. */
  readonly writerKey?: string;
}

/** One subject of an entry, as it is hashed under `subjectsRoot`; kept beside the entry and erasable alone. */
export interface SubjectRecord {
  /** 16 random bytes in base64url, so that a dropped record cannot be guessed from its hash. */
  readonly nonce: string;
  /** The subject's random reference. */
  readonly subject: string;
  readonly application: string | null;
  readonly fields: readonly string[];
}

/** The entry itself, exactly as it is hashed and stored. */
export interface Envelope {
  readonly id: string;
  readonly at: string;
  readonly action: Action;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly actor: { readonly kind: Actor['kind']; readonly id: string | null };
  readonly client: string | null;
  readonly agency: string | null;
  readonly session: string | null;
  readonly resource: { readonly type: string; readonly id: string | null };
  readonly purpose: EntryPurpose | null;
  readonly requestId: string;
  readonly origin: { readonly address: string; readonly network: string };
  readonly count: number;
  readonly subjectsRoot: string;
  readonly writer: string;
  readonly n: number;
  /** Hash of the writer's previous entry; `null` where the stream is not contiguous. */
  readonly previous: string | null;
  readonly writerKey: string | null;
}

/** The bytes that are hashed, stored and never written anew (RFC 8785). */
export function encodeEntry(value: Envelope | readonly SubjectRecord[]): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('An entry is JSON.');
  return Buffer.from(text, 'utf8');
}

export function encodeRecord(record: SubjectRecord): Buffer {
  return Buffer.from(canonicalize(record) ?? '', 'utf8');
}

/** RFC 9162 root over the records, in order; of no records, the empty tree's. */
export function subjectsRoot(records: readonly SubjectRecord[]): Buffer {
  return rootOf(records.map((record) => leafHash(encodeRecord(record))));
}

interface ActorReference {
  readonly id: string | null;
  readonly client: string | null;
  readonly agency: string | null;
  readonly session: string | null;
}

export function referenceOf(actor: Actor): ActorReference {
  switch (actor.kind) {
    case 'candidate':
    case 'auditor':
    case 'operator':
      return { id: actor.accountId, client: null, agency: null, session: actor.sessionId };
    case 'agency':
      return { id: actor.clientId, client: actor.clientId, agency: actor.agencyId, session: null };
    case 'anonymous':
    case 'system':
      return { id: null, client: null, agency: null, session: null };
  }
}

export interface EnvelopeParts {
  readonly id: string;
  readonly at: Date;
  readonly origin: { readonly address: string; readonly network: string };
  readonly records: readonly SubjectRecord[];
  readonly writer: string;
  readonly n: number;
  readonly previous: Buffer | null;
}

export function envelopeOf(draft: EntryDraft, parts: EnvelopeParts): Envelope {
  const actor = referenceOf(draft.context.actor);
  return {
    id: parts.id,
    at: parts.at.toISOString(),
    action: draft.action,
    outcome: draft.outcome ?? 'allowed',
    reason: draft.reason ?? null,
    actor: { kind: draft.context.actor.kind, id: actor.id },
    client: actor.client,
    agency: draft.agency ?? actor.agency,
    session: actor.session,
    resource: { type: VOCABULARY[draft.action].resource, id: draft.resource ?? null },
    purpose: draft.purpose ?? null,
    requestId: draft.context.requestId,
    origin: parts.origin,
    count: draft.count ?? Math.max(1, parts.records.length),
    subjectsRoot: subjectsRoot(parts.records).toString('base64url'),
    writer: parts.writer,
    n: parts.n,
    previous: parts.previous?.toString('base64url') ?? null,
    writerKey: draft.writerKey ?? null,
  };
}
