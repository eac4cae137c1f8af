import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { lengthPrefixed } from '../format/binding.js';
import { hmac } from '../format/mac.js';

/**
 * The tables whose rows decide who gets in and as what, and who is shown what. The names are part of what each MAC covers: an entry is never
 * renamed, whatever happens to its table.
 */
export type RecordKind =
  | 'identity_account'
  | 'identity_session'
  | 'identity_ticket'
  | 'identity_passkey'
  | 'identity_federated_identity'
  | 'identity_recovery'
  | 'agencies_client'
  | 'agencies_agency'
  | 'agencies_budget'
  | 'applications_application'
  | 'webhooks_endpoint'
  | 'disclosure_spent'
  | 'disclosure_warned'
  | 'incidents_incident'
  | 'incidents_notice'
  | 'platform_alert_cursor';

export type ColumnValue = string | Date | Buffer | null;

/** A column's logical name and what stands there, in the order that its kind has laid down. */
export type RecordColumn = readonly [name: string, value: ColumnValue];

/** A whole row, clear columns and sealed ones alike. */
export interface SecurityRecord {
  readonly kind: RecordKind;
  readonly id: string;
  readonly revision: number;
  readonly columns: readonly RecordColumn[];
}

const FORMAT = 'sceau/record/v1';
const ABSENT = Buffer.of(0);
const PRESENT = Buffer.of(1);

/** HMAC-SHA-256 over format, table, id, revision and every column with its name; see docs/sealed-format.md. */
export function recordMac(key: KeyObject, { kind, id, revision, columns }: SecurityRecord): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(revision);
  const parts = columns.flatMap(([name, value]) => [name, encoded(value)]);
  return hmac('sha256', key, lengthPrefixed([FORMAT, kind, id, number, ...parts]));
}

export function isRecordMac(key: KeyObject, record: SecurityRecord, mac: Buffer): boolean {
  const right = recordMac(key, record);
  return right.length === mac.length && timingSafeEqual(right, mac);
}

/** Nothing and an empty text are told apart. */
function encoded(value: ColumnValue): Buffer {
  if (value === null) return ABSENT;
  if (Buffer.isBuffer(value)) return Buffer.concat([PRESENT, value]);
  const text = typeof value === 'string' ? value : value.toISOString();
  return Buffer.concat([PRESENT, Buffer.from(text, 'utf8')]);
}
