import type { Actor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { AgencyId, ApplicationId, CandidateId } from '../../kernel/ids.js';
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
  readonly cites?: CitedCheckpoint;
}

/**
 * `reads`: contiguous, each entry naming the hash of the one before, so that one removed or exchanged is missed.
 * `changes`: staged in business transactions, which may roll back, so numbers may be missing there; each entry is
 * signed all the same.
 */
export type StreamKind = 'reads' | 'changes';

/** How a writer makes itself known. */
export interface Introduction {
  readonly writer: string;
  readonly stream: StreamKind;
  /** Raw Ed25519 public key in base64url. */
  readonly key: string;
  /** Keyed hash of the above, which nobody with the database alone can make. */
  readonly mark: string;
}

/** A checkpoint that an entry speaks of: that of the tree which a new epoch follows. */
export interface CitedCheckpoint {
  /** First line of the checkpoint, epoch included. */
  readonly origin: string;
  readonly size: number;
  /** Base64url. */
  readonly root: string;
}

/** The entry itself, exactly as it is hashed and stored. What does not apply is left out. */
export interface Envelope {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly reason?: string | undefined;
  readonly actor: { readonly kind: string; readonly id?: string | undefined };
  readonly client?: string | undefined;
  readonly agency?: string | undefined;
  readonly session?: string | undefined;
  /** Thumbprint of the key that an agency's program has proven to hold. */
  readonly key?: string | undefined;
  readonly resource: { readonly type: string; readonly id?: string | undefined };
  readonly purpose?: string | undefined;
  readonly requestId: string;
  readonly origin: { readonly address: string; readonly network: string };
  readonly count: number;
  readonly subjectsRoot: string;
  readonly writer: string;
  readonly n: number;
  /** SHA-256 of the bytes of the stream's previous entry, in base64url; only in a contiguous stream. */
  readonly previous?: string | undefined;
  readonly introduces?: Introduction | undefined;
  readonly cites?: CitedCheckpoint | undefined;
}

type ActorReference = Pick<Envelope, 'client' | 'agency' | 'session' | 'key'> & { readonly id?: string };

function referenceOf(actor: Actor): ActorReference {
  switch (actor.kind) {
    case 'candidate':
    case 'auditor':
    case 'operator':
      return { id: actor.accountId, session: actor.sessionId };
    case 'agency':
      return { id: actor.clientId, client: actor.clientId, agency: actor.agencyId, key: actor.key };
    case 'system':
      return { id: actor.name };
    case 'anonymous':
      return {};
  }
}

export interface EnvelopeParts {
  readonly id: string;
  readonly at: Date;
  readonly origin: Envelope['origin'];
  readonly count: number;
  readonly subjectsRoot: Buffer;
  readonly writer: string;
  readonly n: number;
  readonly previous: Buffer | undefined;
  readonly introduces: Introduction | undefined;
}

export function envelopeOf(draft: EntryDraft, parts: EnvelopeParts): Envelope {
  const { actor, requestId } = draft.context;
  const { id: actorId, client, agency, session, key } = referenceOf(actor);
  return {
    id: parts.id,
    at: parts.at.toISOString(),
    action: draft.action,
    outcome: draft.outcome ?? 'allowed',
    reason: draft.reason,
    actor: { kind: actor.kind, id: actorId },
    client,
    agency: draft.agency ?? agency,
    session,
    key,
    resource: { type: VOCABULARY[draft.action].resource, id: draft.resource },
    purpose: draft.purpose,
    requestId,
    origin: parts.origin,
    count: draft.count ?? parts.count,
    subjectsRoot: parts.subjectsRoot.toString('base64url'),
    writer: parts.writer,
    n: parts.n,
    previous: parts.previous?.toString('base64url'),
    introduces: parts.introduces,
    cites: draft.cites,
  };
}

const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const FIELD = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;
const REFERENCE = /^[\x21-\x7e]{1,128}$/;

/**
 * Keeps free text out, whoever calls: what is not a code or a reference is a mistake of ours and is not recorded.
 * @throws Failure `internal_error`
 */
export function requireCodes({ reason, resource, count, subjects = [], context }: EntryDraft): void {
  const wrong = [
    reason !== undefined && !CODE.test(reason) && 'reason',
    resource !== undefined && !REFERENCE.test(resource) && 'resource',
    context.actor.kind === 'system' && !REFERENCE.test(context.actor.name) && 'actor',
    count !== undefined && !(Number.isInteger(count) && count >= 0 && count < 2 ** 31) && 'count',
    // A page of candidates has the same list again and again.
    [...new Set(subjects.map(({ fields }) => fields))].flat().some((field) => !FIELD.test(field)) && 'fields',
  ].find((name) => name !== false);
  if (wrong !== undefined) {
    throw new Failure('internal_error', {
      privateDetail: `an entry's ${wrong} is neither code nor reference`,
    });
  }
}
