import { v7, validate, version } from 'uuid';
import { SystemRandomness } from './randomness.js';

declare const kind: unique symbol;

/** A UUIDv7 (RFC 9562 §5.7) that knows what it identifies: an `AgencyId` is not accepted for a `VacancyId`. */
export type Id<Kind extends string> = string & { readonly [kind]: Kind };

/** The one place where a text becomes an id. */
function branded<T extends Id<string>>(text: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a brand exists in the type system only
  return text as T;
}

export type AccountId = Id<'account'>;
/** A candidate has the id of their account; it is also the subject under whose key their fields are sealed. */
export type CandidateId = Id<'candidate'>;
export type AgencyId = Id<'agency'>;
export type ClientId = Id<'client'>;
export type SessionId = Id<'session'>;
export type VacancyId = Id<'vacancy'>;
export type ApplicationId = Id<'application'>;
export type DocumentId = Id<'document'>;
export type RequestId = Id<'request'>;
/** Whoever owns a data key: a candidate, a member of staff, an agency, or the installation itself. */
export type SubjectId = Id<'subject'> | CandidateId | AccountId | AgencyId;

/** Drawn for many at once: the library asks the system for each. */
const RANDOMNESS = new SystemRandomness();
const BYTES = 16;

/**
 * @param at milliseconds since the epoch that the id's time part shall carry
 * @param order 32 bits by which ids of the same millisecond sort; random unless given
 */
export function newId<Kind extends string>(at: number, order?: number): Id<Kind> {
  const random = RANDOMNESS.bytes(BYTES);
  const id = v7(order === undefined ? { msecs: at, random } : { msecs: at, random, seq: order });
  return branded<Id<Kind>>(id);
}

/** Whether a text is a UUIDv7 in its canonical lower-case form. */
export function isId(text: string): boolean {
  return validate(text) && version(text) === 7 && text === text.toLowerCase();
}

/**
 * Reads an id that has come from outside.
 * @returns the id, or `undefined` when the text is not a canonical UUIDv7
 */
export function parseId<T extends Id<string>>(text: string): T | undefined {
  return isId(text) ? branded<T>(text) : undefined;
}

export const accountOf = (candidate: CandidateId): AccountId => branded(candidate);
