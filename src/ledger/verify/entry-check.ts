import { isDeepStrictEqual } from 'node:util';
import type { Envelope } from '../entry/entry.js';
import { readSubject } from '../entry/envelope-reader.js';
import { leafHash, rootOf } from '../merkle/index.js';
import type { EntrySummary } from '../read/entry-query.js';
import type { LedgerLeaf, StoredEntry, StoredSubject } from '../read/ledger-leaf.js';
import type { Report } from './report.js';

/** That the columns beside the bytes say what the bytes say. */
export function checkColumns(report: Report, index: number, stored: StoredEntry, envelope: Envelope): void {
  if (!stored.hash.equals(leafHash(stored.envelope)))
    report.bad(index, 'changed: the hash beside it is not the hash of its bytes');
  if (stored.at.toISOString() !== envelope.at)
    report.bad(index, 'the time beside it is not the one in its bytes');
}

/**
 * The subjects' records must have the root that the entry names, and be found by what they and the entry say. Nothing of
 * ours removes one: without it, whoever it is about is not told, and the root is the same.
 */
export function checkSubjects(
  report: Report,
  index: number,
  envelope: Envelope,
  subjects: readonly StoredSubject[],
): void {
  const hashes = subjects.map(({ record, hash }) => (record === null ? hash : leafHash(record)));
  if (rootOf(hashes).toString('base64url') !== envelope.subjectsRoot)
    report.bad(index, "its subjects' records are not those that it was written with");
  if (subjects.some(({ record }) => record === null))
    report.bad(index, 'a record of its subjects was removed: whom it is about is not found');
  const isFound = subjects.every(
    ({ record, hash, subject, at, position }, place) =>
      hashes[place]?.equals(hash) === true &&
      (record === null || readSubject(record) === subject) &&
      at.toISOString() === envelope.at &&
      position === place,
  );
  if (!isFound)
    report.bad(index, "its subjects' records are listed under other subjects, times, places or hashes");
}

const listedOf = (index: number, envelope: Envelope): Readonly<Record<keyof EntrySummary, unknown>> => ({
  index,
  id: envelope.id,
  at: new Date(envelope.at),
  action: envelope.action,
  outcome: envelope.outcome,
  reason: envelope.reason ?? null,
  actorKind: envelope.actor.kind,
  actorId: envelope.actor.id ?? null,
  clientId: envelope.client ?? null,
  agencyId: envelope.agency ?? null,
  sessionId: envelope.session ?? null,
  key: envelope.key ?? null,
  resourceType: envelope.resource.type,
  resourceId: envelope.resource.id ?? null,
  purpose: envelope.purpose ?? null,
  requestId: envelope.requestId,
  originAddress: envelope.origin.address,
  originNetwork: envelope.origin.network,
  count: envelope.count,
});

/** That nothing is left of an entry without content which searches would find. */
export function checkGone(
  report: Report,
  index: number,
  { listed, subjects }: Pick<LedgerLeaf, 'listed' | 'subjects'>,
): void {
  if (listed !== undefined || subjects.length > 0)
    report.bad(index, 'it has no content and searches find it all the same');
}

/** That searches find it, under what it says. */
export function checkListed(
  report: Report,
  index: number,
  envelope: Envelope,
  listed: EntrySummary | undefined,
): void {
  if (listed === undefined) {
    report.bad(index, 'it is not listed: searches do not find it');
    return;
  }
  const expected = new Map<string, unknown>(Object.entries(listedOf(index, envelope)));
  const wrong = Object.entries(listed).flatMap(([name, value]) =>
    isDeepStrictEqual(expected.get(name), value) ? [] : [name],
  );
  if (wrong.length > 0) report.bad(index, `it is listed with another ${wrong.join(', ')} than it has`);
}
