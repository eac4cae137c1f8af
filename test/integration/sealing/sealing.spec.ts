import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { type CandidateId, newId } from '../../../src/kernel/ids.js';
import { SystemRandomness } from '../../../src/kernel/randomness.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { LoggingModule } from '../../../src/platform/logging/logging.module.js';
import { MetricsModule } from '../../../src/platform/metrics/metrics.module.js';
import {
  BlindIndex,
  createLocalKeyring,
  IndexKeys,
  place,
  type Sealed,
  Sealer,
  SealingModule,
  SubjectKeys,
} from '../../../src/sealing/index.js';
import { Opener } from '../../../src/sealing/opening.js';
import { LocalKeyring } from '../../../src/sealing/providers/local-keyring.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSettings } from '../../support/settings.js';

const ADDRESS = place<string>()('candidates_profile.address');
const MOTIVATION = place<string>()('applications_application.motivation');
const SECRET = place<string>()('identity_account.totp_secret');

describe('sealing on a real key store', () => {
  let home: string;
  let database: TestDatabase;
  let one: INestApplicationContext;
  let two: INestApplicationContext;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-sealing-'));
    database = await createTestDatabase();
    const settings = testSettings(database, home, 0);
    await createLocalKeyring(join(home, 'keyring.json'));
    @Module({ imports: [ConfigModule.with(settings), LoggingModule, MetricsModule, SealingModule] })
    class Process {}
    const start = () => NestFactory.createApplicationContext(Process, { logger: false, abortOnError: false });
    [one, two] = await Promise.all([start(), start()]);
  });

  afterAll(async () => {
    await one.close();
    await two.close();
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  const candidate = async (): Promise<CandidateId> => {
    const id = newId<'candidate'>(Date.now());
    await one.get(SubjectKeys).create(id);
    return id;
  };
  const open = async (
    process: INestApplicationContext,
    sealed: Sealed<string>,
    subject: CandidateId,
    row: string,
    at = ADDRESS,
  ) => (await process.get(Opener).openMany([{ place: at, position: { subject, row }, sealed }]))[0];

  it('seals in one process and opens in another', async () => {
    const subject = await candidate();
    const sealed = await one.get(Sealer).seal(ADDRESS, { subject, row: subject }, '12 bis quai de la Douane');
    expect(await open(two, sealed, subject, subject)).toEqual({
      ok: true,
      value: '12 bis quai de la Douane',
    });
  });

  it('opens nothing at another row, column or person', async () => {
    const [subject, other] = [await candidate(), await candidate()];
    const sealed = await one.get(Sealer).seal(ADDRESS, { subject, row: subject }, 'Brest');
    expect(await open(one, sealed, subject, other)).toEqual({ ok: false });
    expect(await open(one, sealed, other, subject)).toEqual({ ok: false });
    expect(await open(one, sealed, subject, subject, MOTIVATION)).toEqual({ ok: false });
  });

  it('opens the rest of a page when one value is damaged', async () => {
    const subject = await candidate();
    const position = { subject, row: subject };
    const values = await Promise.all(
      ['a', 'b', 'c'].map((text) => one.get(Sealer).seal(ADDRESS, position, text)),
    );
    values[1]?.writeUInt8(0, 30);
    const results = await two
      .get(Opener)
      .openMany(values.map((sealed) => ({ place: ADDRESS, position, sealed })));
    expect(results).toEqual([{ ok: true, value: 'a' }, { ok: false }, { ok: true, value: 'c' }]);
  });

  it('destroys a subject for every process, cached or not, and lets it never come back', async () => {
    const [subject, other] = [await candidate(), await candidate()];
    const sealed = await one.get(Sealer).seal(ADDRESS, { subject, row: subject }, 'Brest');
    const kept = await one.get(Sealer).seal(ADDRESS, { subject: other, row: other }, 'Quimper');
    await open(two, sealed, subject, subject);
    await one.get(SubjectKeys).destroy(subject, 'erasure');
    expect(await open(one, sealed, subject, subject)).toEqual({ ok: false });
    const deadline = Date.now() + 5_000;
    while ((await open(two, sealed, subject, subject))?.ok === true) {
      expect(Date.now()).toBeLessThan(deadline);
      // A cached key answers without any input or output, so the notification has to be let in.
      await turn();
    }
    expect(await open(two, kept, other, other)).toEqual({ ok: true, value: 'Quimper' });
    await expect(one.get(SubjectKeys).create(subject)).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(
      await database.query('SELECT reason FROM keys.tombstone WHERE subject_id = $1', [subject]),
    ).toEqual([{ reason: 'erasure' }]);
    expect(await database.query('SELECT 1 FROM keys.subject_key WHERE subject_id = $1', [subject])).toEqual(
      [],
    );
  });

  it('does not unwrap a key that was moved to another subject', async () => {
    const [subject, thief] = [await candidate(), await candidate()];
    const sealed = await one.get(Sealer).seal(ADDRESS, { subject, row: subject }, 'Brest');
    await database.query(
      'UPDATE keys.subject_key t SET wrapped = s.wrapped FROM keys.subject_key s WHERE t.subject_id = $1 AND s.subject_id = $2',
      [thief, subject],
    );
    expect(await open(two, sealed, thief, subject)).toEqual({ ok: false });
    await expect(two.get(Sealer).seal(ADDRESS, { subject: thief, row: thief }, 'x')).rejects.toMatchObject({
      code: 'sealed_value_unreadable',
    });
  });

  it('answers one failure for whatever is wrong with an operational value', async () => {
    const subject = await candidate();
    const position = { subject, row: subject };
    const sealed = await one.get(Sealer).seal(SECRET, position, 'JBSWY3DPEHPK3PXP');
    expect(await two.get(Sealer).openOperational(SECRET, position, sealed)).toBe('JBSWY3DPEHPK3PXP');
    for (const index of [0, 3, 10, 40, sealed.length - 1]) {
      const damaged = Object.assign(Buffer.from(sealed), {}) as Sealed<string>;
      damaged.writeUInt8(damaged.readUInt8(index) ^ 1, index);
      await expect(two.get(Sealer).openOperational(SECRET, position, damaged)).rejects.toMatchObject({
        code: 'sealed_value_unreadable',
      });
    }
  });

  it('gives every process the same index keys, however they race', async () => {
    const keys = await Promise.all([one, two].map((process) => process.get(IndexKeys).key('dpop-nonce')));
    expect(keys[0]?.equals(keys[1] ?? keys[0])).toBe(true);
    const [a, b] = await Promise.all([
      one.get(BlindIndex).hash(' Océane.Lefebvre@Example.fr', 1),
      two.get(BlindIndex).hash('oce\u0301ane.lefebvre@example.fr ', 1),
    ]);
    expect(a).toEqual(b);
    expect(a).toHaveLength(32);
  });

  it('lets the database hold no unwrapped key', async () => {
    const rows = await database.query<{ wrapped: Buffer }>(
      'SELECT wrapped FROM keys.subject_key UNION SELECT wrapped FROM keys.index_key',
    );
    for (const { wrapped } of rows) expect(wrapped).toHaveLength(12 + 32 + 16);
  });
});

describe('the local keyring', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-keyring-'));
  });

  afterEach(() => rm(home, { recursive: true, force: true }));

  const context = { purpose: 'subject-key', owner: 'a', version: 1 } as const;
  const key = Buffer.alloc(32, 5);

  it('is created once, for its owner only', async () => {
    const path = join(home, 'deep', 'keyring.json');
    const made = await Promise.all([
      createLocalKeyring(path),
      createLocalKeyring(path),
      createLocalKeyring(path),
    ]);
    expect(made.filter(Boolean)).toHaveLength(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is refused when others can read it', async () => {
    const path = join(home, 'keyring.json');
    await createLocalKeyring(path);
    await chmod(path, 0o640);
    await expect(
      new LocalKeyring(path, new SystemRandomness()).wrapMany([{ key, context }]),
    ).rejects.toMatchObject({
      code: 'keys_unavailable',
    });
  });

  it.each([
    ['owner', { ...context, owner: 'b' }],
    ['version', { ...context, version: 2 }],
    ['purpose', { ...context, purpose: 'index-key' as const }],
  ])('does not unwrap under another %s', async (_, other) => {
    const path = join(home, 'keyring.json');
    await createLocalKeyring(path);
    const keyring = new LocalKeyring(path, new SystemRandomness());
    const [wrapped] = await keyring.wrapMany([{ key, context }]);
    if (wrapped === undefined) throw new Error('Nothing was wrapped.');
    const [right, wrong] = await keyring.unwrapMany([
      { ...wrapped, context },
      { ...wrapped, context: other },
    ]);
    expect(right).toEqual({ ok: true, key });
    expect(wrong?.ok).toBe(false);
  });
});
