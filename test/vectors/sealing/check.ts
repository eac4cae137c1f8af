/**
 * A second implementation of docs/sealed-format.md, from that page alone: nothing of `src` is used.
 * `node test/vectors/sealing/check.ts` checks every vector beside it.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export interface FieldVector {
  readonly about: string;
  readonly place: string;
  readonly row: string;
  readonly subject: string;
  readonly keyVersion: number;
  readonly key: string;
  readonly nonce: string;
  readonly value: unknown;
  readonly text: string;
  readonly paddedBytes: number;
  readonly additionalData: string;
  readonly sealed: string;
}

export interface DocumentVector {
  readonly row: string;
  readonly subject: string;
  readonly key: string;
  readonly salt: string;
  /** The document's bytes are 0, 1, 2, … 250, 0, 1, … */
  readonly length: number;
  readonly sealedBytes: number;
  readonly sealedSha256: string;
  readonly sealed?: string;
}

export type RecordValue = { readonly text: string } | { readonly hex: string } | null;

export interface RecordVector {
  readonly kind: string;
  readonly id: string;
  readonly revision: number;
  readonly columns: readonly (readonly [string, RecordValue])[];
  readonly key: string;
  readonly mac: string;
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

function parts(...list: readonly (string | Buffer)[]): Buffer {
  const bytes = list.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part));
  return Buffer.concat(bytes.flatMap((part) => [uint32(part.length), part]));
}

function bindingOf({ place, row, subject, keyVersion }: FieldVector): Buffer {
  const [table = '', column = ''] = place.split('.');
  return parts('sceau/field/v1', table, column, row, subject, uint32(keyVersion));
}

/** Opens a sealed field. @returns its text, or why there is none */
function openField(vector: FieldVector): string {
  const sealed = hex(vector.sealed);
  if (sealed.readUInt16BE(0) !== 0xc501) return 'not a sealed field';
  if (sealed.readUInt32BE(2) !== vector.keyVersion) return 'another key version';
  const additional = bindingOf(vector);
  if (!additional.equals(hex(vector.additionalData))) return 'other additional data';
  const decipher = createDecipheriv('aes-256-gcm', hex(vector.key), sealed.subarray(6, 18), { authTagLength: 16 });
  decipher.setAAD(additional);
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(18, -16)), decipher.final()]);
  if (padded.length !== vector.paddedBytes) return 'another padded length';
  const end = padded.lastIndexOf(0x80);
  if (padded.subarray(end + 1).some((byte) => byte !== 0)) return 'padding that is no padding';
  return padded.subarray(0, end).toString('utf8');
}

/** Seals a document as the vector says. */
export function sealDocument(vector: DocumentVector): Buffer {
  const { length, row, subject } = vector;
  const [key, salt] = [hex(vector.key), hex(vector.salt)];
  const label = Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0', 'ascii');
  const info = Buffer.concat([label, salt, parts('sceau/document/v1', row, subject)]);
  const first = createHmac('sha512', key).update(info).update(Buffer.of(1)).digest();
  const second = createHmac('sha512', key).update(first).update(info).update(Buffer.of(2)).digest();
  const derived = Buffer.concat([first, second]);
  const document = Buffer.from(Array.from({ length }, (_, at) => at % 251));
  const sealed = [Buffer.of(0xc5, 0x02), salt, derived.subarray(44, 76)];
  for (let chunk = 0; chunk <= Math.floor(length / 16_384); chunk += 1) {
    const nonce = BigInt(`0x${derived.toString('hex', 32, 44)}`) ^ BigInt(chunk);
    const cipher = createCipheriv('aes-256-gcm', derived.subarray(0, 32), hex(nonce.toString(16).padStart(24, '0')), {
      authTagLength: 16,
    });
    sealed.push(cipher.update(document.subarray(chunk * 16_384, (chunk + 1) * 16_384)), cipher.final(), cipher.getAuthTag());
  }
  return Buffer.concat(sealed);
}

/** The MAC of a security record. */
function macOf({ kind, id, revision, columns, key }: RecordVector): string {
  const encoded = columns.flatMap(([name, value]) => {
    if (value === null) return [name, Buffer.of(0)];
    const bytes = 'hex' in value ? hex(value.hex) : Buffer.from(value.text, 'utf8');
    return [name, Buffer.concat([Buffer.of(1), bytes])];
  });
  const covered = parts('sceau/record/v1', kind, id, uint32(revision), ...encoded);
  return createHmac('sha256', hex(key)).update(covered).digest('hex');
}

const read = <T>(name: string): readonly T[] =>
  JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));

export const fieldVectors = (): readonly FieldVector[] => read('sealed-field');
export const documentVectors = (): readonly DocumentVector[] => read('sealed-document');
export const recordVectors = (): readonly RecordVector[] => read('security-record');

export const isRightField = (vector: FieldVector): boolean => openField(vector) === vector.text;

export function isRightDocument(vector: DocumentVector): boolean {
  const sealed = sealDocument(vector);
  const digest = createHash('sha256').update(sealed).digest('hex');
  const isSame = vector.sealed === undefined || sealed.equals(hex(vector.sealed));
  return isSame && sealed.length === vector.sealedBytes && digest === vector.sealedSha256;
}

export const isRightRecord = (vector: RecordVector): boolean => macOf(vector) === vector.mac;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const results = [
    ...fieldVectors().map(isRightField),
    ...documentVectors().map(isRightDocument),
    ...recordVectors().map(isRightRecord),
  ];
  const failed = results.filter((right) => !right).length;
  process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
