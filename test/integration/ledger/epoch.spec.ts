import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '../../../src/kernel/ids.js';
import type { RequestContext, SystemActor } from '../../../src/kernel/context.js';
import { LedgerExport, LedgerVerifier, NewEpoch } from '../../../src/ledger/index.js';
import { ReadinessChecks } from '../../../src/platform/health/readiness.js';
import { KeyFiles } from '../../../src/ledger/sequence/checkpoint-key.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually, LedgerFixture, type LedgerProcess, reading } from './fixture.js';
import { verifyAlone } from './oracles.js';
import { asSuperuser, rebuild, spoilTile } from './tampering.js';

const UNAVAILABLE = { code: 'ledger_unavailable' };

const operator: RequestContext<SystemActor> = {
  requestId: newId<'request'>(1),
  actor: { kind: 'system', name: 'operator' },
  locale: 'fr',
  address: 'local',
};

describe('a database that does not continue the tree', () => {
  const fixture = new LedgerFixture();
  const copies: TestDatabase[] = [];
  afterEach(async () => {
    for (const copy of copies.splice(0)) await copy.drop();
  });

  const kept = () => join(fixture.home, 'kept');
  const keep = async (note = '', name = 'checkpoint'): Promise<void> => {
    await mkdir(kept(), { recursive: true });
    await writeFile(join(kept(), `${name}.txt`), note);
  };
  const ready = async (process: LedgerProcess) => {
    const [state] = await Promise.all(
      process.context
        .get(ReadinessChecks)
        .all()
        .map((check) => check()),
    );
    return state?.['ledger']?.status;
  };
  const refusal = (database = fixture.database) =>
    eventually(async () => {
      const [row] = await database.query<{ reason: string }>('SELECT reason FROM audit.refusal');
      return row?.reason;
    });
  const open = (process: LedgerProcess) => process.context.get(NewEpoch).open(operator, 'restored_backup');

  /** What both verifiers say with what was kept. */
  async function opinions(process: LedgerProcess): Promise<readonly { code: number; output: string }[]> {
    const { report } = await process.context.get(LedgerVerifier).verify({ kept: kept() });
    const file = join(fixture.home, 'export.ndjson');
    await pipeline(Readable.from(process.context.get(LedgerExport).lines()), createWriteStream(file));
    const key = join(fixture.stateDirectory, 'checkpoint-key.vkey');
    return [
      {
        code: report.count === 0 ? 0 : 1,
        output: [...report.notices, ...report.findings.map(({ text }) => text)].join('\n'),
      },
      await verifyAlone(file, '--key', key, '--kept', kept()),
    ];
  }

  /** Uses the ledger, takes a copy, uses it more, and has the copy put in its place. */
  async function restoreAnOlderCopy(): Promise<LedgerProcess> {
    const before = await fixture.startSequencing();
    await before.append(20, 'sequenced');
    await keep((await before.tree.newestCheckpoint())?.note, 'before the copy');
    await fixture.stop(before);
    await fixture.database.rest();
    const older = await createTestDatabase(fixture.database.name);
    copies.push(older);
    const after = await fixture.startSequencing();
    await after.append(10, 'sequenced');
    await keep((await after.tree.newestCheckpoint())?.note, 'after the copy');
    await fixture.stop(after);
    const { appUrl, auditorUrl, sequencerUrl } = older;
    return fixture.startSequencing(fixture.settingsWith({ appUrl, auditorUrl, sequencerUrl }));
  }

  it('is not signed after an older copy was restored, and nobody is told that all is well', async () => {
    const process = await restoreAnOlderCopy();
    const [older] = copies;
    expect(await refusal(older)).toBe('database_behind');
    expect(await eventually(async () => ((await ready(process)) === 'down' ? true : undefined))).toBe(true);
    await expect(process.ledger.append(reading(), 'sequenced')).rejects.toMatchObject(UNAVAILABLE);
    const several = {
      ...reading(),
      subjects: [...(reading().subjects ?? []), ...(reading().subjects ?? [])],
    };
    await expect(process.ledger.append(several, 'staged')).rejects.toMatchObject(UNAVAILABLE);
    await process.ledger.append(reading(), 'staged');
    const [alarm] = await (older ?? fixture.database).query(
      `SELECT 1 FROM audit.staging WHERE convert_from(envelope, 'UTF8') LIKE '%"ledger.signing_refused"%database_behind%'`,
    );
    expect(alarm).toBeDefined();
  });

  it('goes on in a new epoch that cites the old one; what is lost stays visible, what was signed verifiable', async () => {
    const process = await restoreAnOlderCopy();
    const [older = fixture.database] = copies;
    await refusal(older);
    const opened = await open(process);
    expect(opened).toMatchObject({ origin: 'test.localhost/audit/2', disagreement: 'database_behind' });
    expect(opened.cites.size).toBeGreaterThan(opened.index);
    await eventually(async () => {
      try {
        return await process.append(3, 'sequenced');
      } catch {
        return undefined;
      }
    });
    expect(await ready(process)).toBe('up');
    const entries = await process.reader.list({ action: 'ledger.epoch_opened' }, 10);
    expect(entries).toMatchObject([{ index: opened.index, reason: 'restored_backup' }]);
    const newest = await process.tree.newestCheckpoint();
    expect(newest?.note.split('\n')[0]).toBe('test.localhost/audit/2');
    for (const { code, output } of await opinions(process)) {
      expect([code, output]).toEqual([0, expect.stringContaining('cut: a new epoch begins')]);
    }
    await expect(open(process)).rejects.toMatchObject({ code: 'conflict' });
  }, 60_000);

  it('cannot hide more than the new epoch admits', async () => {
    const process = await restoreAnOlderCopy();
    await refusal(copies[0]);
    const { cites } = await open(process);
    const key = await new KeyFiles(fixture.stateDirectory).load(cites.origin);
    const more = { origin: cites.origin, size: cites.size + 5, root: Buffer.alloc(32, 7) };
    await keep(key.sign(more), 'kept by somebody');
    await eventually(async () => ((await process.tree.newestCheckpoint()) === undefined ? undefined : true));
    for (const { code, output } of await opinions(process))
      expect([code, output]).toEqual([1, expect.stringContaining('kept by somebody.txt) covers entries')]);
  }, 60_000);

  const stateFile = () => join(fixture.stateDirectory, 'tree-state.json');
  const keyFile = () => join(fixture.stateDirectory, 'checkpoint-key.pem');
  const damages: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['state_file_missing', () => rm(stateFile())],
    ['checkpoint_key_missing', () => rm(keyFile())],
    ['checkpoint_key_readable_by_others', () => chmod(keyFile(), 0o644)],
    [
      'database_differs',
      () =>
        asSuperuser(fixture.database, async (query) => {
          await query(
            `UPDATE audit.leaf SET envelope = replace(convert_from(envelope, 'UTF8'), 'review', 'offer')::bytea WHERE leaf_index = 3`,
          );
          await rebuild(query);
        }),
    ],
    [
      'database_differs',
      () =>
        asSuperuser(fixture.database, async (query) => {
          await query(
            `INSERT INTO audit.leaf SELECT h.size, l.at, l.envelope, l.hash, l.writer, l.n, l.signature
             FROM audit.leaf l, audit.tree_head h WHERE l.leaf_index = 3`,
          );
          await rebuild(query);
        }),
    ],
    [
      'epoch_differs',
      () =>
        asSuperuser(
          fixture.database,
          async (query) => void (await query('UPDATE audit.tree_head SET epoch = 7')),
        ),
    ],
    [
      'database_ahead',
      () =>
        asSuperuser(fixture.database, async (query) => {
          await query('UPDATE audit.tree_head SET size = size + 100000');
        }),
    ],
    [
      'entries_missing',
      () =>
        asSuperuser(fixture.database, async (query) => {
          await query('UPDATE audit.tree_head SET size = size + 1');
        }),
    ],
    [
      'entry_not_signed',
      () =>
        asSuperuser(fixture.database, async (query) => {
          await query(
            `INSERT INTO audit.leaf SELECT h.size, l.at, replace(convert_from(l.envelope, 'UTF8'), 'review', 'offer')::bytea, l.hash, l.writer, l.n + 1, l.signature
             FROM audit.leaf l, audit.tree_head h WHERE l.leaf_index = 3`,
          );
          await rebuild(query);
        }),
    ],
  ];

  it.each(damages)('is not signed: %s', async (reason, damage) => {
    const before = await fixture.startSequencing();
    await before.append(5, 'sequenced');
    await fixture.stop(before);
    await damage();
    const process = await fixture.startSequencing();
    expect(await refusal()).toBe(reason);
    await expect(process.ledger.append(reading(), 'sequenced')).rejects.toMatchObject(UNAVAILABLE);
    const staged = await fixture.database.query('SELECT 1 FROM audit.staging');
    expect(staged.length).toBeGreaterThan(1);
  });

  it('goes on with a new key where the old one is gone', async () => {
    const before = await fixture.startSequencing();
    await before.append(5, 'sequenced');
    await keep((await before.tree.newestCheckpoint())?.note, 'with the old key');
    await fixture.stop(before);
    await rm(keyFile());
    const process = await fixture.startSequencing();
    await refusal();
    await open(process);
    await eventually(async () => ((await ready(process)) === 'up' ? true : undefined));
    const verifiers = (await readFile(join(fixture.stateDirectory, 'checkpoint-key.vkey'), 'utf8')).trim();
    expect(verifiers.split('\n').map((line) => line.split('+')[0])).toEqual([
      'test.localhost/audit/1',
      'test.localhost/audit/2',
    ]);
    for (const { code, output } of await opinions(process))
      expect([code, output]).toEqual([0, expect.stringContaining('a new epoch begins at entry')]);
  }, 60_000);

  it('is not begun anew over a tree that is not whole in itself', async () => {
    const before = await fixture.startSequencing();
    await before.append(5, 'sequenced');
    await fixture.stop(before);
    await asSuperuser(fixture.database, async (query) => void (await spoilTile(query, 0, 0, 2)));
    await rm(stateFile());
    const process = await fixture.startSequencing();
    await refusal();
    await expect(open(process)).rejects.toMatchObject({
      code: 'conflict',
      detail: { en: expect.stringContaining('not whole') },
    });
  });
});
