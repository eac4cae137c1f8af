import { buffer } from 'node:stream/consumers';
import { ObjectStore } from '../../../src/platform/objects/object-store.js';
import { type DocumentKey, keyObjectOf } from '../../../src/sealing/documents/document-key.js';
import { openDocument } from '../../../src/sealing/documents/sealed-document.js';
import { decodeValue } from '../../../src/sealing/format/canonical.js';
import type { SealedValue } from '../../integration/sealing/sealed-values.js';
import type { Candidate } from '../population/candidate.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';

/** What the store held of one document. */
export interface BackedUpDocument {
  readonly id: string;
  readonly sealed: Buffer;
}

export async function backUpDocuments(
  { app, database }: DrilledSystem,
  { id }: Candidate,
): Promise<readonly BackedUpDocument[]> {
  const rows = await database.query<{ id: string; object: string }>(
    'SELECT id::text AS id, object FROM documents.document WHERE candidate_id = $1',
    [id],
  );
  const store = app.get(ObjectStore, { strict: false });
  return Promise.all(
    rows.map(async (row) => ({ id: row.id, sealed: await buffer(await store.get(row.object)) })),
  );
}

/** What is in them, as far as a key of theirs is among the values that open. */
export async function contentsOf(
  documents: readonly BackedUpDocument[],
  values: readonly SealedValue[],
): Promise<readonly string[]> {
  const contents: string[] = [];
  for (const { subject, place, row, text } of values) {
    const document = documents.find(({ id }) => id === row);
    if (place !== 'documents_document.document_key' || text === undefined || document === undefined) continue;
    const key = keyObjectOf(decodeValue<DocumentKey>(Buffer.from(text)));
    const content = await buffer(openDocument(key, { subject, row }, streamed(document.sealed)));
    contents.push(content.toString());
  }
  return contents;
}

async function* streamed(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
