import { leafHash, rootOf } from '../merkle/index.js';
import { canonicalBytes } from './canonical.js';

/** One subject of an entry, as it is hashed under `subjectsRoot`; kept beside the entry and erasable alone. */
export interface SubjectRecord {
  /** 16 random bytes in base64url, so that a dropped record cannot be guessed from its hash. */
  readonly nonce: string;
  /** The subject's random reference. */
  readonly subject: string;
  readonly application?: string | undefined;
  readonly fields: readonly string[];
}

export function encodeRecord(record: SubjectRecord): Buffer {
  return canonicalBytes(record);
}

/**
 * The records of one request, as `encodeRecord` makes each of them. A page of candidates has the same fields again and
 * again, and all else is made of letters, digits and dashes, which RFC 8785 writes as they are.
 */
export function encodeRecords(records: readonly SubjectRecord[]): readonly Buffer[] {
  const lists = new Map<readonly string[], string>();
  return records.map((record) => {
    const { nonce, subject, application, fields } = record;
    if (![nonce, subject, application ?? ''].every((text) => PLAIN.test(text))) return encodeRecord(record);
    const list = lists.get(fields) ?? canonicalBytes(fields).toString('utf8');
    lists.set(fields, list);
    const start = application === undefined ? '' : `"application":"${application}",`;
    return Buffer.from(`{${start}"fields":${list},"nonce":"${nonce}","subject":"${subject}"}`, 'utf8');
  });
}

const PLAIN = /^[\w-]*$/;

/** RFC 9162 §2.1.1 root over the records' bytes, in order; of no records, the empty tree's. */
export function subjectsRoot(records: readonly Buffer[]): Buffer {
  return rootOf(records.map(leafHash));
}

const LINE_FEED = 0x0a;

/** The records' bytes one after the other, a line each: RFC 8785 writes no line feed of its own. */
export function joinRecords(records: readonly Buffer[]): Buffer {
  return Buffer.concat(records.flatMap((record) => [record, Buffer.of(LINE_FEED)]));
}

export function splitRecords(joined: Buffer): readonly Buffer[] {
  const records: Buffer[] = [];
  let start = 0;
  for (let end = joined.indexOf(LINE_FEED); end >= 0; end = joined.indexOf(LINE_FEED, start)) {
    records.push(joined.subarray(start, end));
    start = end + 1;
  }
  if (start !== joined.length) throw new RangeError('The last record has no end.');
  return records;
}
