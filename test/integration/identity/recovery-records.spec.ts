import { RestoredRecoveries } from '../../../src/modules/identity/index.js';
import { type CandidateActor, signUpCandidate, systemContext } from '../../support/actors.js';
import { newId } from '../../../src/kernel/ids.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { copyRow, plant, refusalsOf } from '../sealing/record-rows.js';
import { type AskedRecovery, RecoveryWay } from './recovery-way.js';

const RECOVERY = 'identity.recovery';

/** A writer to the database with every right in it, against recoveries. */
describe('a recovery’s row', () => {
  let sceau: Sceau;
  let way: RecoveryWay;
  let person: CandidateActor;
  let asked: AskedRecovery;

  beforeAll(async () => {
    sceau = await startSceau();
    way = new RecoveryWay(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
    asked = await way.asked(person.email);
  });

  it.each([
    ['is approved by nobody', "status = 'approved', due_at = '2020-01-01T00:00:00Z'", false],
    ['is said to be ready', "status = 'ready', due_at = '2020-01-01T00:00:00Z'", false],
    ['is due before its time', "due_at = '2020-01-01T00:00:00Z'", true],
    ['was asked for at another time', "asked_at = '2020-01-01T00:00:00Z'", true],
    ['has another revision', 'revision = revision + 1', true],
  ])('that %s counts for nothing', async (_, change, isApproved) => {
    if (isApproved) await way.approve(asked);
    await sceau.database.query(`UPDATE identity.recovery SET ${change} WHERE id = $1`, [asked.id]);
    await way.hourly(73);
    expect(await way.isReady(asked.account)).toBe(false);
    await way.hourly(8 * 24);
    expect(await refusalsOf(sceau.database, asked.id)).toEqual(['refused: forged']);
    expect(await way.count('recovery', asked.account)).toBe(0);
    // Nothing is in the way of another.
    expect((await way.asked(person.email)).account).toBe(asked.account);
  });

  it('that was altered is not approved', async () => {
    await sceau.database.query('UPDATE identity.recovery SET credential_epoch = 7 WHERE id = $1', [asked.id]);
    await expect(way.approve(asked)).rejects.toMatchObject({ code: 'not_found' });
    expect(await refusalsOf(sceau.database, asked.id)).toEqual(['refused: forged']);
  });

  it('that was approved counts for nobody else', async () => {
    const other = await signUpCandidate(sceau);
    const target = await way.asked(other.email);
    await way.approve(asked);
    const row = await copyRow(sceau.database, RECOVERY, asked.id);
    await way.stop(target.stop);
    const id: string = newId<'recovery'>(Date.now());
    await plant(sceau.database, RECOVERY, { ...row, id, account_id: target.account });
    await way.hourly(73);
    expect(await way.isReady(target.account)).toBe(false);
    expect(await refusalsOf(sceau.database, id)).toEqual(['refused: forged']);
  });

  it('that was stopped and is put back is superseded', async () => {
    await way.approve(asked);
    const row = await copyRow(sceau.database, RECOVERY, asked.id);
    expect((await way.stop(asked.stop)).status).toBe(204);
    await plant(sceau.database, RECOVERY, row);
    await way.hourly(73);
    expect(await way.isReady(asked.account)).toBe(false);
    expect(await refusalsOf(sceau.database, asked.id)).toEqual(['refused: superseded']);
  });

  it('that a restored backup has brought back is ended, and no other', async () => {
    const restored = () => sceau.app.get(RestoredRecoveries, { strict: false }).end(systemContext());
    expect(await restored()).toBe(0);
    expect(await way.count('recovery', asked.account)).toBe(1);
    const before = await copyRow(sceau.database, RECOVERY, asked.id);
    await way.approve(asked);
    const putBack = async (row: Readonly<Record<string, unknown>>) => {
      await sceau.database.query('DELETE FROM identity.recovery WHERE id = $1', [asked.id]);
      await plant(sceau.database, RECOVERY, row);
    };
    await putBack({ ...before, due_at: '2020-01-01T00:00:00Z' });
    expect(await restored()).toBe(0);
    await putBack(before);
    expect(await restored()).toBe(1);
    expect((await way.recorded(asked.account)).at(-1)).toBe('recovery.stopped');
    await way.hourly(73);
    expect(await way.isReady(asked.account)).toBe(false);
    expect(await refusalsOf(sceau.database, asked.id)).toEqual([]);
  });
});
