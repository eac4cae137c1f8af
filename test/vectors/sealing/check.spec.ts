import { execFileSync } from 'node:child_process';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { SubjectId } from '../../../src/kernel/ids.js';
import { openDocument, sealDocument } from '../../../src/sealing/documents/sealed-document.js';
import { encodeValue } from '../../../src/sealing/format/canonical.js';
import { openField, sealField } from '../../../src/sealing/format/sealed-field.js';
import { PLACES, type PlaceName } from '../../../src/sealing/places.js';
import { isRecordMac, type RecordKind, recordMac } from '../../../src/sealing/records/record-mac.js';
import {
  type DocumentVector,
  documentVectors,
  type FieldVector,
  fieldVectors,
  isRightDocument,
  isRightField,
  isRightRecord,
  recordVectors,
  sealDocument as sealIndependently,
} from './check.ts';

const keyOf = ({ key }: { readonly key: string }): KeyObject => createSecretKey(Buffer.from(key, 'hex'));
const isPlace = (name: string): name is PlaceName => name in PLACES;

function positionOf({ subject, row }: FieldVector | DocumentVector) {
  return { subject: subject as SubjectId, row };
}

function placeOf({ place }: FieldVector): PlaceName {
  if (!isPlace(place)) throw new Error('A vector is for no place of ours.');
  return place;
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 7_777) yield bytes.subarray(at, at + 7_777);
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const part of stream) all.push(part);
  return Buffer.concat(all);
}

describe('the vectors of the sealed format', () => {
  it('are checked by a program that knows nothing of ours', () => {
    const output = execFileSync(process.execPath, [join(import.meta.dirname, 'check.ts')], { encoding: 'utf8' });
    expect(output).toBe(`${fieldVectors().length + documentVectors().length + recordVectors().length} passed, 0 failed\n`);
  });

  it('are of many places', () => {
    expect(new Set(fieldVectors().map(placeOf)).size).toBeGreaterThanOrEqual(20);
  });

  describe.each(fieldVectors())('$about ($place)', (vector) => {
    const sealed = Buffer.from(vector.sealed, 'hex');

    it('is what we seal and open', () => {
      const { keyVersion: version, nonce, text, value } = vector;
      const versioned = { key: keyOf(vector), version };
      const [place, position] = [placeOf(vector), positionOf(vector)];
      expect(encodeValue(value).toString()).toBe(text);
      expect(sealField(versioned, Buffer.from(nonce, 'hex'), place, position, encodeValue(value))).toEqual(sealed);
      expect(openField(versioned.key, place, position, sealed).toString()).toBe(text);
    });

    it('fails the check with anything else', () => {
      const fails = (change: Partial<FieldVector>): boolean => {
        try {
          return !isRightField({ ...vector, ...change });
        } catch {
          return true;
        }
      };
      expect(fails({ row: vector.subject.replace('019a', '019b') })).toBe(true);
      expect(fails({ keyVersion: vector.keyVersion - 1 })).toBe(true);
      expect(fails({ text: `${vector.text} ` })).toBe(true);
      expect(fails({ sealed: vector.sealed.replace(/.$/, (last) => (last === '0' ? '1' : '0')) })).toBe(true);
      expect(fails({})).toBe(false);
    });
  });

  it.each(documentVectors())('a document of $length bytes is what we seal and open', async (vector) => {
    const [position, key] = [positionOf(vector), keyOf(vector)];
    const text = Buffer.from(Array.from({ length: vector.length }, (_, at) => at % 251));
    const salt = Buffer.from(vector.salt, 'hex');
    const sealed = await collect(sealDocument(key, salt, position, inPieces(text)));
    expect(sealed.equals(sealIndependently(vector))).toBe(true);
    const opened = await collect(openDocument(key, position, inPieces(sealed)));
    expect(opened.equals(text)).toBe(true);
    expect(isRightDocument({ ...vector, row: vector.subject })).toBe(false);
  });

  it.each(recordVectors())('revision $revision of $kind has the MAC that we give it', (vector) => {
    const columns = vector.columns.map(([name, value]) => {
      const given = value !== null && 'hex' in value ? Buffer.from(value.hex, 'hex') : (value?.text ?? null);
      return [name, given] as const;
    });
    const { id, revision, mac } = vector;
    const record = { kind: vector.kind as RecordKind, id, revision, columns };
    expect(recordMac(keyOf(vector), record).toString('hex')).toBe(mac);
    for (const other of [
      { ...record, revision: revision - 1 },
      { ...record, id: id.replace('019a', '019b') },
      { ...record, columns: columns.toReversed() },
      { ...record, columns: columns.slice(1) },
      { ...record, columns: [['status', null] as const, ...columns.slice(1)] },
    ]) {
      expect(isRecordMac(keyOf(vector), other, Buffer.from(mac, 'hex'))).toBe(false);
    }
    expect(isRightRecord({ ...vector, revision: revision + 1 })).toBe(false);
  });
});
