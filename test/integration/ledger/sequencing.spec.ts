import { newId } from '../../../src/kernel/ids.js';
import { Database } from '../../../src/platform/database/database.js';
import { CONTEXT, LedgerFixture } from './fixture.js';

describe('sequencing', () => {
  const fixture = new LedgerFixture();

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
});
