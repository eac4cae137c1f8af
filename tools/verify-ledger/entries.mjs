import { isDeepStrictEqual } from 'node:util';
import { leafHash, rootOf } from './tree.mjs';

/** What an entry says about itself, and what is said about it beside its bytes. */

const isText = (value) => typeof value === 'string';
const isObject = (value) => typeof value === 'object' && value !== null;

const isIntroduction = ({ writer, stream, key }) =>
  isText(writer) && isText(stream) && isText(key) && Buffer.from(key, 'base64url').length === 32;
const isCitation = ({ origin, size, root }) => isText(origin) && Number.isSafeInteger(size) && isText(root);

function readJson(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** @returns the entry, or undefined when the bytes are none */
export function readEntry(bytes) {
  try {
    const entry = JSON.parse(bytes.toString('utf8'));
    const { introduces, cites } = entry;
    const isEntry =
      [entry.id, entry.at, entry.action, entry.writer, entry.subjectsRoot].every(isText) &&
      Number.isSafeInteger(entry.n) &&
      Number.isSafeInteger(entry.count) &&
      isObject(entry.resource) &&
      (introduces === undefined || (isObject(introduces) && isIntroduction(introduces))) &&
      (cites === undefined || (isObject(cites) && isCitation(cites))) &&
      (cites !== undefined || entry.action !== 'ledger.epoch_opened');
    return isEntry ? entry : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The subjects' records (`record`) must have the root that the entry names, be found by what they and the entry say, and
 * be shown as what they are. Of one that was removed there is the hash only, which has the same root.
 */
export function checkSubjects(report, index, entry, subjects) {
  const isList =
    Array.isArray(subjects) && subjects.every((subject) => isText(subject?.record) || isText(subject?.hash));
  const hashes = isList ? subjects.map(hashOf) : [];
  if (!isList || rootOf(hashes).toString('base64url') !== entry.subjectsRoot) {
    report.bad(index, "its subjects' records are not those that it was written with");
    return;
  }
  for (const [position, { record, listed, ...shown }] of subjects.entries()) {
    if (record === undefined) {
      report.bad(index, 'a record of its subjects was removed: whom it is about is not found');
      continue;
    }
    const { subject, application, fields } = readJson(Buffer.from(record, 'base64')) ?? {};
    if (!isDeepStrictEqual(shown, given({ subject, application, fields })))
      report.bad(index, "its subjects' records are shown as something else than they are");
    const hash = hashes[position].toString('base64');
    if (!isDeepStrictEqual(listed, { subject, at: entry.at, position, hash }))
      report.bad(index, "its subjects' records are listed under other subjects, times, places or hashes");
  }
}

const SHOWN =
  'id at action outcome reason actor client agency session key resource purpose requestId count'.split(' ');

/** The entry as it is shown to people must be what its bytes say. */
export function checkShown(report, index, entry, event) {
  const said = Object.fromEntries(SHOWN.map((name) => [name, entry[name]]));
  if (!isDeepStrictEqual(event, given({ ...said, origin: entry.origin?.network })))
    report.bad(index, 'it is shown as something else than it is');
}

/** The members that there are. */
const given = (members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const hashOf = ({ record, hash }) =>
  isText(record) ? leafHash(Buffer.from(record, 'base64')) : Buffer.from(hash, 'base64');

/** What the index, by which entries are searched, says about it. */
const LISTED = {
  id: (entry) => entry.id,
  at: (entry) => entry.at,
  action: (entry) => entry.action,
  outcome: (entry) => entry.outcome,
  reason: (entry) => entry.reason,
  actorKind: (entry) => entry.actor?.kind,
  actorId: (entry) => entry.actor?.id,
  clientId: (entry) => entry.client,
  agencyId: (entry) => entry.agency,
  sessionId: (entry) => entry.session,
  key: (entry) => entry.key,
  resourceType: (entry) => entry.resource?.type,
  resourceId: (entry) => entry.resource?.id,
  purpose: (entry) => entry.purpose,
  requestId: (entry) => entry.requestId,
  originAddress: (entry) => entry.origin?.address,
  originNetwork: (entry) => entry.origin?.network,
  count: (entry) => entry.count,
};

export function checkListed(report, index, entry, listed) {
  if (listed === null) {
    report.bad(index, 'it is not listed: searches do not find it');
    return;
  }
  const wrong = Object.entries(listed).filter(([name, value]) => (LISTED[name]?.(entry) ?? null) !== value);
  if (wrong.length > 0)
    report.bad(index, `it is listed with another ${wrong.map(([name]) => name).join(', ')} than it has`);
}
