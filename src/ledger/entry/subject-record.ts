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

/** The records of one entry, as they are staged. */
export interface EncodedSubjects {
  readonly count: number;
  /** Their exact bytes one after the other, a line each: RFC 8785 writes no line feed of its own. */
  readonly bytes: Buffer;
  /** RFC 9162 §2.1.1 root over each one's bytes, in order; of no records, the empty tree's. */
  readonly root: Buffer;
}

/** Encodes each record as `encodeRecord` does, all of them in one piece. */
export function encodeSubjects(records: readonly SubjectRecord[]): EncodedSubjects {
  const lists = new Map<readonly string[], string>();
  const bytes = Buffer.from(records.map((record) => `${textOf(record, lists)}\n`).join(''), 'utf8');
  return { count: records.length, bytes, root: rootOf(splitRecords(bytes).map(leafHash)) };
}

/**
 * A page of candidates has the same fields again and again, and all else is made of letters, digits and dashes, which
 * RFC 8785 writes as they are.
 * @param lists of fields that were written before
 */
function textOf(record: SubjectRecord, lists: Map<readonly string[], string>): string {
  const { nonce, subject, application, fields } = record;
  if (!PLAIN.test(`${nonce}${subject}${application ?? ''}`)) return encodeRecord(record).toString('utf8');
  const list = lists.get(fields) ?? canonicalBytes(fields).toString('utf8');
  lists.set(fields, list);
  const start = application === undefined ? '' : `"application":"${application}",`;
  return `{${start}"fields":${list},"nonce":"${nonce}","subject":"${subject}"}`;
}

const PLAIN = /^[\w-]*$/;

const LINE_FEED = 0x0a;

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
