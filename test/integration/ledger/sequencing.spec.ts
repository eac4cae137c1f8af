import { newId } from '../../../src/kernel/ids.js';
import { Database } from '../../../src/platform/database/database.js';
import { CONTEXT, eventually, LedgerFixture, type LedgerProcess } from './fixture.js';
import { asSuperuser } from './tampering.js';

describe('sequencing', () => {
  const fixture = new LedgerFixture();

  /** Once the newest checkpoint is one that is kept, a second after the one before it. */
  async function isKept({ tree }: LedgerProcess): Promise<void> {
    fixture.clock.advance({ seconds: 1 });
    await eventually(async () => {
      const [newest, kept] = [await tree.newestCheckpoint(), await tree.newestKept()];
      return newest !== undefined && newest.size === kept?.size ? true : undefined;
    });
  }

  it('takes what commits late, however much of what came after it is in the tree', async () => {
    const process = await fixture.startSequencing();
    const resource = newId<'vacancy'>(Date.now());
    await process.context.get(Database).run({ kind: 'system' }, async (manager) => {
      await process.ledger.stage(manager, { action: 'vacancy.created', context: CONTEXT, resource });
      fixture.clock.advance({ seconds: 1 });
      await process.append(20, 'sequenced');
    });
    await process.append(1, 'sequenced');
    const [late] = await fixture.recorded('vacancy.created');
    expect(late).toMatchObject({ resource: { id: resource } });
    const [after] = await fixture.database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM audit.entry e JOIN audit.entry late ON e.leaf_index < late.leaf_index
       WHERE late.action = 'vacancy.created' AND e.entry_id > late.entry_id`,
    );
    expect(after?.count).toBeGreaterThanOrEqual(20);
  });

  it('is the same process’s with nothing to write, which says so before its silence counts', async () => {
    const process = await fixture.startSequencing();
    await process.append(1, 'sequenced');
    await isKept(process);
    const office = async () => {
      const [row] = await fixture.database.query<{ pid: number; said: string }>(
        `SELECT pid, state_change::text AS said FROM pg_stat_activity JOIN pg_locks USING (pid)
         WHERE application_name = 'sceau-sequencer' AND locktype = 'advisory' AND datname = current_database()`,
      );
      return row;
    };
    const before = await eventually(office);
    // The checkpoint is kept: there is nothing left to be done but the office.
    for (let times = 1; times <= 3; times += 1) {
      const { pid, said } = (await office()) ?? before;
      await eventually(async () => {
        const now = await office();
        return now?.pid === pid && now.said !== said ? true : undefined;
      });
    }
    expect((await office())?.pid).toBe(before.pid);
  });

  it('names in each checkpoint the one that was kept before, whatever the database says of that', async () => {
    const first = await fixture.startSequencing();
    await first.append(1, 'sequenced');
    await isKept(first);
    const kept = await first.tree.newestKept();
    await first.append(1, 'sequenced');
    await fixture.stop(first);
    await asSuperuser(fixture.database, async (query) => void (await query('DELETE FROM audit.checkpoint')));
    const second = await fixture.startSequencing();
    await isKept(second);
    const { previous } = await fixture.checkpoint((await second.tree.newestKept())?.note ?? '');
    expect(previous?.origin).toBe('test.localhost/audit/1');
    expect(previous?.size).toBeGreaterThanOrEqual(kept?.size ?? Infinity);
  });

  it('keeps one checkpoint a second at the most, and the newest in the end', async () => {
    const process = await fixture.startSequencing();
    const begun = fixture.clock.now().getTime();
    for (let times = 0; times < 30; times += 1) await process.append(1, 'sequenced');
    const most = (fixture.clock.now().getTime() - begun) / 1_000 + 2;
    expect((await process.tree.checkpoints(100)).length).toBeLessThanOrEqual(most);
    await isKept(process);
  });
});
