import { join } from 'node:path';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { Failure } from '../../../src/kernel/errors.js';
import { KeyRewrapping, KeyStatusReader, MasterRotation } from '../../../src/sealing/index.js';
import { IndexKeys } from '../../../src/sealing/keys/index-keys.js';
import { CONSENT } from '../../../src/sealing/rotation/master-rotation.js';
import { runCommand } from '../../support/command-line.js';
import { holding as hold, RotationFixture, silent } from './rotation-fixture.js';

const KEYS = 1_200;

describe('rotation of the master key', () => {
  const fixture = new RotationFixture();

  const holding = (text: string, values?: unknown[]) => hold(fixture.database, text, values);

  const keyring = async (): Promise<{ current: number; versions: Record<string, string> }> =>
    JSON.parse(await readFile(join(fixture.home, 'keyring.json'), 'utf8'));

  const run = (...words: string[]) => runCommand(fixture, words, { KEY_DRAIN_SECONDS: '1' });

  it('wraps new keys under the new version at once, in every process', async () => {
    const [one, two] = [await fixture.open(), await fixture.open()];
    const before = await fixture.newSubject(two);
    const sealed = await fixture.seal(two, before, 'Brest');
    expect(await one.get(MasterRotation, { strict: false }).rotate(fixture.context)).toBe(2);
    const after = await fixture.newSubject(two);
    const rows = await fixture.database.query<{ id: string; version: number }>(
      'SELECT subject_id AS id, master_version AS version FROM keys.subject_key WHERE subject_id = ANY($1)',
      [[before, after]],
    );
    expect(Object.fromEntries(rows.map(({ id, version }) => [id, version]))).toEqual({
      [before]: 1,
      [after]: 2,
    });
    expect(await fixture.opened(await fixture.open(), before, sealed)).toBe('Brest');
    expect(await fixture.entries()).toEqual([
      { action: 'key.master_rotated', resource: 'master:2', count: 1 },
    ]);
    expect((await stat(join(fixture.home, 'keyring.json'))).mode & 0o777).toBe(0o600);
  });

  it('wraps every key again, records it once, and does nothing when there is nothing left', async () => {
    const rooms = await fixture.open();
    const subject = await fixture.newSubject(rooms);
    const sealed = await fixture.seal(rooms, subject, 'Brest');
    await fixture.subjects(rooms, KEYS);
    await rooms.get(MasterRotation, { strict: false }).rotate(fixture.context);
    const rewrapping = rooms.get(KeyRewrapping, { strict: false });
    const seen: [number, number][] = [];
    const { rewrapped, damaged } = await rewrapping.run(fixture.context, (done, total) =>
      seen.push([done, total]),
    );
    // The installation's own key and the index keys in use are among them.
    expect(rewrapped).toBeGreaterThanOrEqual(KEYS + 2);
    expect(damaged).toBe(0);
    expect(seen[0]).toEqual([0, rewrapped]);
    expect(seen.at(-1)).toEqual([rewrapped, rewrapped]);
    expect(Object.keys(await fixture.wrappedKeys())).toEqual(['2']);
    expect(await fixture.opened(await fixture.open(), subject, sealed)).toBe('Brest');
    expect(await rewrapping.run(fixture.context, silent)).toEqual({ rewrapped: 0, damaged: 0 });
    expect((await fixture.entries()).map(({ action, count }) => [action, count])).toEqual([
      ['key.master_rotated', 1],
      ['key.rewrapped', rewrapped],
    ]);
  });

  it('goes on where kill -9 has stopped it', async () => {
    const rooms = await fixture.open();
    const ids = await fixture.subjects(rooms, KEYS);
    const total = KEYS + 1 + (await fixture.database.query('SELECT FROM keys.index_key')).length;
    await run('keys', 'rotate');
    // In the second batch, so that the first is through and the third is not.
    const release = await holding('SELECT FROM keys.subject_key WHERE subject_id = $1 FOR UPDATE', [
      ids[700],
    ]);
    const first = fixture.command('keys', 'rewrap');
    await fixture.waitsForALock();
    await fixture.kill(first);
    await release();
    const half = await fixture.wrappedKeys();
    expect(half[1]).toBeGreaterThan(400);
    expect(half[2]).toBeGreaterThan(400);
    expect((await run('keys', 'status')).output).toContain('Rewrapping under version 2');

    const second = await run('keys', 'rewrap');
    expect(second).toMatchObject({
      code: 0,
      output: expect.stringContaining(`${total} key(s) wrapped again`),
    });
    expect(second.output).not.toContain(`: 0 of ${total}`);
    expect(await fixture.wrappedKeys()).toEqual({ 2: KEYS + 1 });
    expect((await fixture.entries()).at(-1)).toEqual({
      action: 'key.rewrapped',
      resource: 'master:2',
      count: total,
    });
  });

  it('does not rotate twice when it was killed between the new version and its entry', async () => {
    const release = await holding('LOCK TABLE keys.master_version IN EXCLUSIVE MODE');
    const first = fixture.command('keys', 'rotate');
    await fixture.waitsForALock();
    expect(await keyring()).toMatchObject({ current: 2 });
    await fixture.kill(first);
    await release();
    expect(await fixture.entries()).toEqual([]);
    expect(await run('keys', 'rotate')).toMatchObject({ code: 0 });
    expect(await keyring()).toMatchObject({ current: 2 });
    expect(await fixture.entries()).toEqual([
      { action: 'key.master_rotated', resource: 'master:2', count: 1 },
    ]);
    expect(await run('keys', 'rotate')).toMatchObject({ code: 0 });
    expect(await keyring()).toMatchObject({ current: 3 });
  });

  it('says so of a damaged index key too', async () => {
    const rooms = await fixture.open();
    await rooms.get(IndexKeys, { strict: false }).key('email');
    await fixture.database.query(
      `UPDATE keys.index_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE purpose = 'email'`,
    );
    await rooms.get(MasterRotation, { strict: false }).rotate(fixture.context);
    const rewrapping = rooms.get(KeyRewrapping, { strict: false });
    expect(await rewrapping.run(fixture.context, silent)).toMatchObject({ damaged: 1 });
    expect(await rewrapping.run(fixture.context, silent)).toEqual({ rewrapped: 0, damaged: 1 });
  });

  it('leaves a damaged key as it is, says so, and never retires what wraps it', async () => {
    const rooms = await fixture.open();
    const [damaged] = await fixture.subjects(rooms, 3);
    await fixture.database.query(
      'UPDATE keys.subject_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE subject_id = $1',
      [damaged],
    );
    await rooms.get(MasterRotation, { strict: false }).rotate(fixture.context);
    expect(await run('keys', 'rewrap')).toMatchObject({
      code: 1,
      output: expect.stringContaining('1 key(s) do not unwrap'),
    });
    expect((await fixture.wrappedKeys())[1]).toBe(1);
    expect(await run('keys', 'retire', '1', '--now', CONSENT)).toMatchObject({
      code: 1,
      output: expect.stringContaining('still wraps 1 key(s)'),
    });
  });

  it('lets one process at a time rotate', async () => {
    const rooms = await fixture.open();
    const ids = await fixture.subjects(rooms, 3);
    const rotation = rooms.get(MasterRotation, { strict: false });
    await rotation.rotate(fixture.context);
    const release = await holding('SELECT FROM keys.subject_key WHERE subject_id = $1 FOR UPDATE', [ids[0]]);
    const running = rooms.get(KeyRewrapping, { strict: false }).run(fixture.context, silent);
    await fixture.waitsForALock();
    await expect(rotation.rotate(fixture.context)).rejects.toMatchObject({ code: 'conflict' });
    await release();
    expect(await running).toMatchObject({ damaged: 0 });
  });

  describe('and retirement of an old version', () => {
    async function rotatedAndRewrapped() {
      const rooms = await fixture.open();
      const subject = await fixture.newSubject(rooms);
      const sealed = await fixture.seal(rooms, subject, 'Brest');
      const rotation = rooms.get(MasterRotation, { strict: false });
      await rotation.rotate(fixture.context);
      const rewrap = () => rooms.get(KeyRewrapping, { strict: false }).run(fixture.context, silent);
      return { rooms, subject, sealed, rotation, rewrap };
    }

    it('is refused while it wraps anything, while it is current and while backups may need it', async () => {
      const { rotation, rewrap, rooms } = await rotatedAndRewrapped();
      const refusal = async (version: number, consent?: string): Promise<unknown> =>
        rotation.retire(fixture.context, version, consent).then(
          () => 'done',
          (error: unknown) =>
            error instanceof Failure ? `${error.code}: ${JSON.stringify(error.detail)}` : 'fault',
        );
      expect(await refusal(1, CONSENT)).toMatch(/^conflict: "Version 1 still wraps \d+ key/);
      fixture.clock.advance({ hours: 24 });
      await rewrap();
      expect(await refusal(2, CONSENT)).toMatch(/^conflict: "Version 2 is the current one/);
      expect(await refusal(9, CONSENT)).toMatch(/^not_found/);
      expect(await refusal(1, 'yes')).toMatch(/^conflict: "To destroy it now say exactly/);
      expect(await refusal(1)).toContain(`--now \\"${CONSENT}\\"`);
      fixture.clock.advance({ hours: 7 * 24 - 1 });
      expect(await refusal(1)).toContain('kept for 7 days');
      expect(await keyring()).toMatchObject({ versions: { 1: expect.any(String) } });
      const status = await rooms.get(KeyStatusReader, { strict: false }).read();
      expect(status.versions[0]).toMatchObject({ version: 1, state: 'superseded', keys: 0 });
      expect(status.versions[0]?.retirableFrom?.getTime()).toBeGreaterThan(fixture.clock.now().getTime());
      fixture.clock.advance({ hours: 2 });
      expect(await refusal(1)).toBe('done');
      expect(Object.keys((await keyring()).versions)).toEqual(['2']);
    });

    it('destroys it once, with an entry, and keeps everything readable', async () => {
      const { rewrap, subject, sealed } = await rotatedAndRewrapped();
      await rewrap();
      const entries = await fixture.entries();
      expect(await run('keys', 'retire', '1', '--now', CONSENT)).toMatchObject({ code: 0 });
      expect(await run('keys', 'retire', '1')).toMatchObject({ code: 0 });
      expect(await fixture.entries()).toEqual([
        ...entries,
        { action: 'key.master_retired', resource: 'master:1', count: 1 },
      ]);
      expect((await run('keys', 'status')).output).toContain('version 1: retired, wraps 0');
      expect(await fixture.opened(await fixture.open(), subject, sealed)).toBe('Brest');
    });

    it('destroys nothing that cannot be recorded, and is finished by the next try', async () => {
      const { rotation, rewrap } = await rotatedAndRewrapped();
      await rewrap();
      const release = await holding('LOCK TABLE audit.staging');
      await expect(rotation.retire(fixture.context, 1, CONSENT)).rejects.toMatchObject({
        code: 'ledger_unavailable',
      });
      expect(Object.keys((await keyring()).versions)).toEqual(['1', '2']);
      await release();
      await rotation.retire(fixture.context, 1);
      expect(Object.keys((await keyring()).versions)).toEqual(['2']);
    });

    it('refuses a key that was wrapped by it and is stored too late', async () => {
      const { rotation, rewrap, rooms } = await rotatedAndRewrapped();
      await rewrap();
      const old = await readFile(join(fixture.home, 'keyring.json'), 'utf8');
      await rotation.retire(fixture.context, 1, CONSENT);
      // A process that has not noticed: it still wraps by version 1.
      await writeFile(join(fixture.home, 'keyring.json'), old.replace('"current": 2', '"current": 1'), {
        mode: 0o600,
      });
      await expect(fixture.newSubject(rooms)).rejects.toMatchObject({ code: 'keys_unavailable' });
      expect(await fixture.wrappedKeys()).not.toHaveProperty('1');
    });
  });
});
