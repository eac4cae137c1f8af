import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { newId } from '../../../src/kernel/ids.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { LoggingModule } from '../../../src/platform/logging/logging.module.js';
import { MetricsModule } from '../../../src/platform/metrics/metrics.module.js';
import {
  createLocalKeyring,
  type DocumentKey,
  place,
  Sealer,
  SealingModule,
  SubjectKeys,
} from '../../../src/sealing/index.js';
import { Opener } from '../../../src/sealing/opening.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSettings } from '../../support/settings.js';

const KEY = place<DocumentKey>()('documents_document.document_key');

async function* repeated(piece: Buffer, times: number): AsyncGenerator<Buffer> {
  for (let index = 0; index < times; index += 1) yield piece;
}

describe('documents on a real key store', () => {
  let home: string;
  let database: TestDatabase;
  let process: INestApplicationContext;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-documents-'));
    database = await createTestDatabase();
    const settings = testSettings(database, home, 0);
    await createLocalKeyring(join(home, 'keyring.json'));
    @Module({ imports: [ConfigModule.with(settings), LoggingModule, MetricsModule, SealingModule] })
    class Process {}
    process = await NestFactory.createApplicationContext(Process, { logger: false, abortOnError: false });
  });

  afterAll(async () => {
    await process.close();
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  it('stream through sealer and opener, and are gone with their subject', async () => {
    const subject = newId<'candidate'>(Date.now());
    const position = { subject, row: newId<'document'>(Date.now()) };
    await process.get(SubjectKeys).create(subject);
    const sealer = process.get(Sealer);
    const key = sealer.newDocumentKey();
    const sealedKey = await sealer.seal(KEY, position, key);
    const sealed: Buffer[] = [];
    for await (const part of sealer.sealDocument(key, position, repeated(Buffer.alloc(999, 'é'), 99)))
      sealed.push(part);
    const open = async (bytes: readonly Buffer[], at = position): Promise<number> => {
      let length = 0;
      const toOpen = { place: KEY, position: at, sealed: sealedKey };
      for await (const part of process.get(Opener).openDocument(toOpen, () => Promise.resolve(pieces(bytes))))
        length += part.length;
      return length;
    };
    expect(await open(sealed)).toBe(999 * 99);
    await expect(open(sealed.slice(0, -1))).rejects.toMatchObject({ code: 'sealed_value_unreadable' });
    const elsewhere = { ...position, row: newId<'document'>(Date.now()) };
    await expect(open(sealed, elsewhere)).rejects.toMatchObject({ code: 'sealed_value_unreadable' });
    await process.get(SubjectKeys).destroy(subject, 'erasure');
    await expect(open(sealed)).rejects.toMatchObject({ code: 'sealed_value_unreadable' });
  });
});

async function* pieces(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* parts;
}
