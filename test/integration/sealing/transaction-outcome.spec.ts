import type { EntityManager } from 'typeorm';
import { Database } from '../../../src/platform/database/database.js';
import { currentTransaction, transactionOutcome } from '../../../src/sealing/records/transaction-outcome.js';
import { RotationFixture } from './rotation-fixture.js';

describe('how a transaction ended', () => {
  const fixture = new RotationFixture();

  async function inTransaction<T>(
    work: (manager: EntityManager, database: Database) => Promise<T>,
  ): Promise<T> {
    const database = (await fixture.open()).get(Database, { strict: false });
    return database.run({ kind: 'system' }, (manager) => work(manager, database));
  }

  it('is known to one that is older than it', async () => {
    const outcomes = await inTransaction(async (older, database) => {
      await currentTransaction(older);
      const committed = await database.run({ kind: 'system' }, currentTransaction);
      let aborted = '';
      await database
        .run({ kind: 'system' }, async (manager) => {
          aborted = await currentTransaction(manager);
          throw new Error('rolled back');
        })
        .catch(() => undefined);
      const during = await database.run({ kind: 'system' }, async (manager) =>
        transactionOutcome(older, await currentTransaction(manager)),
      );
      return [await transactionOutcome(older, committed), await transactionOutcome(older, aborted), during];
    });
    expect(outcomes).toEqual(['committed', 'aborted', 'in progress']);
  });

  it('is unknown of one that there has not been, and asking ends nothing', async () => {
    const outcomes = await inTransaction(async (manager) => [
      await transactionOutcome(manager, String(2n ** 60n)),
      await transactionOutcome(manager, await currentTransaction(manager)),
    ]);
    expect(outcomes).toEqual(['unknown', 'in progress']);
  });
});
