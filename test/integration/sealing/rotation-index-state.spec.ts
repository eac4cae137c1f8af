import type { INestApplicationContext } from '@nestjs/common';
import { IndexRotation } from '../../../src/sealing/index.js';
import { Accounts } from '../../../src/modules/identity/accounts/accounts.js';
import { Invitations } from '../../../src/modules/identity/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { holding, RotationFixture, silent } from './rotation-fixture.js';

const ADDRESSES = ['anne@exemple.fr', 'yann@exemple.fr'];

describe('rotation of the index from a state that it did not leave itself', () => {
  const fixture = new RotationFixture();

  const rotate = (rooms: INestApplicationContext, report = silent) =>
    rooms.get(IndexRotation, { strict: false }).rotate(fixture.context, report);

  async function enrol(rooms: INestApplicationContext): Promise<void> {
    for (const email of ADDRESSES)
      await rooms
        .get(Invitations, { strict: false })
        .inviteByHand(fixture.context, { email, role: 'auditor', locale: 'fr' });
  }

  async function found(rooms: INestApplicationContext): Promise<readonly string[]> {
    const accounts = rooms.get(Accounts, { strict: false });
    const all = await Promise.all(
      ADDRESSES.map((address) =>
        rooms
          .get(Database, { strict: false })
          .run({ kind: 'identity' }, (manager) => accounts.findByAddress(fixture.context, manager, address)),
      ),
    );
    return ADDRESSES.filter((_, index) => all[index] !== null);
  }

  const ids = async (): Promise<readonly string[]> =>
    (await fixture.database.query<{ id: string }>('SELECT id FROM identity.account')).map(({ id }) => id);

  const state = () => fixture.database.query('SELECT phase, version, next_version FROM platform.blind_index');

  async function breakOffAt(rooms: INestApplicationContext, step: number): Promise<void> {
    let reports = 0;
    const report = (): void => {
      reports += 1;
      if (reports === step) throw new Error('broken off');
    };
    await expect(rotate(rooms, report)).rejects.toThrow('broken off');
  }

  it.each([
    { step: 1, phase: 'filling' },
    { step: 2, phase: 'filling' },
    { step: 4, phase: 'switching' },
    { step: 6, phase: 'clearing' },
  ])(
    'begins anew what a backup of $phase, step $step, brings back to keys that are gone',
    async ({ step, phase }) => {
      const rooms = await fixture.open();
      await enrol(rooms);
      await breakOffAt(rooms, step);
      expect(await state()).toMatchObject([{ phase }]);
      const backup = await fixture.database.query<{ id: string; first: Buffer; second: Buffer | null }>(
        'SELECT id, email_index AS first, email_index_next AS second FROM identity.account',
      );
      expect(await rotate(rooms)).toMatchObject({ version: 2 });
      expect(await rotate(rooms)).toMatchObject({ version: 3 });
      await rooms.close();
      for (const { id, first, second } of backup)
        await fixture.database.query(
          'UPDATE identity.account SET email_index = $2, email_index_next = $3 WHERE id = $1',
          [id, first, second],
        );
      await fixture.database.query(
        'UPDATE platform.blind_index SET phase = $1, version = 1, next_version = 2',
        [phase],
      );
      const restored = await fixture.open();
      expect(await rotate(restored)).toMatchObject({ version: 3, lost: 0, isFinishing: false });
      expect(await found(restored)).toEqual(ADDRESSES);
      expect(await state()).toEqual([{ phase: 'steady', version: 3, next_version: null }]);
    },
  );

  it('decides nothing once it has lost its lock and another process has gone on', async () => {
    const rooms = await fixture.open();
    await enrol(rooms);
    const release = await holding(fixture.database, 'SELECT FROM identity.account FOR UPDATE');
    const outcome = rotate(rooms).then(
      () => 'done',
      () => 'refused',
    );
    await fixture.waitsForALock();
    await fixture.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7346432
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    const other = { phase: 'filling', version: 2, next_version: 3 };
    await fixture.database.query('UPDATE platform.blind_index SET version = 2, next_version = 3');
    await release();
    expect(await outcome).toBe('refused');
    expect(await state()).toEqual([other]);
  });

  it('comes to its end although somebody has emptied the second column behind its back', async () => {
    const rooms = await fixture.open();
    await enrol(rooms);
    await breakOffAt(rooms, 3);
    await fixture.database.query(
      `UPDATE platform.blind_index SET phase = 'switching'; UPDATE identity.account SET email_index_next = NULL`,
    );
    expect(await rotate(rooms)).toMatchObject({ version: 2, lost: 0, isFinishing: false });
    expect(await found(rooms)).toEqual(ADDRESSES);
  });

  it('leaves an address that two accounts have to the older one, and says so', async () => {
    const rooms = await fixture.open();
    await enrol(rooms);
    // Nobody finds them any more, so that their owners register again.
    await fixture.database.query('UPDATE identity.account SET email_index = sha256(email_index)');
    const older = await ids();
    await enrol(rooms);
    await fixture.database.query(
      `INSERT INTO identity.account SELECT (jsonb_populate_record(a, jsonb_build_object(
         'id', '00000000-0000-0000-0000-000000000000', 'email_index', sha256('x')::text))).* FROM identity.account a LIMIT 1`,
    );
    expect(await rotate(rooms)).toMatchObject({ version: 2, lost: 3, isFinishing: false });
    expect(await found(rooms)).toEqual(ADDRESSES);
    const accounts = rooms.get(Accounts, { strict: false });
    const [address = ''] = ADDRESSES;
    const account = await rooms
      .get(Database, { strict: false })
      .run({ kind: 'identity' }, (manager) => accounts.findByAddress(fixture.context, manager, address));
    expect(older).toContain(account?.id);
  });
});
