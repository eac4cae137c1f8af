import { IndexKeys, IndexRotation, KeyStatusReader, SubjectKeys } from '../../../src/sealing/index.js';
import type { CandidateId } from '../../../src/kernel/ids.js';
import { type CandidateActor, signUpCandidate, systemContext } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { eventually, holding, kill, silent, startCommand, waitsForALock } from './rotation-fixture.js';

describe('rotation of the key that addresses are found by', () => {
  let sceau: Sceau;
  let candidates: CandidateActor[];
  const context = systemContext();

  beforeEach(async () => {
    sceau = await startSceau();
    candidates = [];
    for (let count = 0; count < 3; count += 1) candidates.push(await signUpCandidate(sceau));
  }, 60_000);

  afterEach(() => sceau.stop());

  const rotation = () => sceau.app.get(IndexRotation, { strict: false });
  const command = (...words: string[]) => startCommand(sceau, ...words);
  const run = (...words: string[]) => runCommand(sceau, words, { KEY_DRAIN_SECONDS: '1' });
  const phase = async () => (await sceau.app.get(KeyStatusReader, { strict: false }).read()).index.phase;

  async function signIn({ email, password, authenticator }: CandidateActor): Promise<number> {
    sceau.clock.advance({ seconds: 31 });
    const code = await authenticator.code(sceau.clock.now().getTime());
    const client = new PersonClient(sceau.url);
    const answer = await client.request('/v1/sessions', {
      body: { email: email.toUpperCase(), password, code, transport: 'token' },
    });
    return answer.status;
  }

  /** Everybody is found, nobody gets a second account, and whoever comes now is found from now on. */
  async function expectAllFound(): Promise<void> {
    for (const candidate of candidates) expect(await signIn(candidate)).toBe(201);
    const accounts = await sceau.database.query('SELECT FROM identity.account');
    for (const { email, password } of candidates) {
      const body = { email, password, locale: 'fr' };
      await new PersonClient(sceau.url).request('/v1/registrations', { body });
    }
    expect(await sceau.database.query('SELECT FROM identity.account')).toHaveLength(accounts.length);
    candidates.push(await signUpCandidate(sceau));
  }

  const indexes = () =>
    sceau.database.query<{ first: Buffer; second: Buffer | null }>(
      'SELECT email_index AS first, email_index_next AS second FROM identity.account ORDER BY id',
    );
  const keyVersions = async (): Promise<number[]> => {
    const rows = await sceau.database.query<{ version: number }>(
      `SELECT version FROM keys.index_key WHERE purpose = 'email' ORDER BY 1`,
    );
    return rows.map(({ version }) => version);
  };
  const recorded = () =>
    sceau.database.query(
      `SELECT (SELECT count(*)::integer FROM audit.entry WHERE action = 'key.index_rotated')
            + (SELECT count(*)::integer FROM audit.staging WHERE convert_from(envelope, 'UTF8') LIKE '%key.index_rotated%') AS entries`,
    );

  it('leaves every account under the new key alone', async () => {
    const before = await indexes();
    expect(await rotation().rotate(context, silent)).toMatchObject({
      version: 2,
      lost: 0,
      isFinishing: false,
    });
    const after = await indexes();
    expect(after).toHaveLength(before.length);
    after.forEach(({ first, second }, index) => {
      expect(second).toBeNull();
      expect(before.some((row) => row.first.equals(first))).toBe(false);
      expect(before[index]).toBeDefined();
    });
    expect(await keyVersions()).toEqual([2]);
    expect(await recorded()).toEqual([{ entries: 1 }]);
    await expectAllFound();
    expect(await rotation().rotate(context, silent)).toMatchObject({
      version: 3,
      lost: 0,
      isFinishing: false,
    });
    await expectAllFound();
  });

  it('finds everybody in each phase, however often it is broken off', async () => {
    const seen = new Set<string>();
    // Each run gets one step further than the one before, past what that has done.
    for (let steps = 2, isDone = false; !isDone; steps += 1) {
      isDone = await brokenOff(steps);
      seen.add(await phase());
      await sceau.database.query('DELETE FROM platform.rate_limit');
      await expectAllFound();
    }
    expect([...seen].toSorted()).toEqual(['clearing', 'filling', 'steady', 'switching']);
    expect(await keyVersions()).toEqual([2]);
    expect(await recorded()).toEqual([{ entries: 1 }]);
  }, 120_000);

  /** @returns whether the rotation came to its end before so many reports */
  async function brokenOff(steps: number): Promise<boolean> {
    let reports = 0;
    try {
      await rotation().rotate(context, () => {
        reports += 1;
        if (reports === steps) throw new Error('broken off');
      });
      return true;
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'broken off') throw error;
      return false;
    }
  }

  it('leaves the old key in the memory of no process', async () => {
    const keys = sceau.worker.get(IndexKeys, { strict: false });
    await keys.key('email', 1);
    await rotation().rotate(context, silent);
    await eventually(() =>
      keys.key('email', 1).then(
        () => false,
        () => true,
      ),
    );
    await expect(keys.key('email', 1)).rejects.toMatchObject({ code: 'keys_unavailable' });
    await expect(keys.key('email', 2)).resolves.toBeDefined();
  });

  it('goes on where kill -9 has stopped it', async () => {
    const release = await holding(
      sceau.database,
      'SELECT FROM identity.account ORDER BY id DESC LIMIT 1 FOR UPDATE',
    );
    const first = command('keys', 'rotate', '--index', 'email');
    await waitsForALock(sceau.database);
    await kill(sceau.database, first);
    await release();
    expect(await phase()).toBe('filling');
    expect((await run('keys', 'status')).output).toContain('from version 1 to 2, filling');
    await expectAllFound();
    const second = await run('keys', 'rotate', '--index', 'email');
    expect(second).toMatchObject({ code: 0, output: expect.stringContaining('Version 2') });
    await expectAllFound();
    expect(await keyVersions()).toEqual([2]);
    expect(await recorded()).toEqual([{ entries: 1 }]);
  }, 60_000);

  it('does not begin again when it was killed before the old key was deleted', async () => {
    const release = await holding(
      sceau.database,
      `SELECT FROM keys.index_key WHERE purpose = 'email' FOR UPDATE`,
    );
    const first = command('keys', 'rotate', '--index', 'email');
    await waitsForALock(sceau.database);
    await kill(sceau.database, first);
    await release();
    expect(await phase()).toBe('steady');
    expect(await keyVersions()).toEqual([1, 2]);
    expect((await run('keys', 'status')).output).toContain('the key before it is still there');
    await expectAllFound();
    expect(await rotation().rotate(context, silent)).toMatchObject({ version: 2, isFinishing: true });
    expect(await keyVersions()).toEqual([2]);
    expect(await recorded()).toEqual([{ entries: 1 }]);
  }, 60_000);

  it('indexes anew what a backup from before it has brought back', async () => {
    const backup = await sceau.database.query<{ id: string; index: Buffer }>(
      'SELECT id, email_index AS index FROM identity.account',
    );
    await rotation().rotate(context, silent);
    for (const { id, index } of backup) {
      await sceau.database.query('UPDATE identity.account SET email_index = $2 WHERE id = $1', [id, index]);
    }
    await sceau.database.query(`UPDATE platform.blind_index SET version = 1`);
    const [first] = candidates;
    if (first === undefined) throw new Error('There are candidates.');
    // As after a restore: every process is started anew and has no key in memory.
    await sceau.close();
    sceau = await startSceau({ database: sceau.database, home: sceau.home });
    sceau.clock.advance({ hours: 1 });
    expect(await signIn(first)).toBe(503);
    expect(await rotation().rotate(context, silent)).toMatchObject({
      version: 2,
      lost: 0,
      isFinishing: false,
    });
    await expectAllFound();
  });

  it('passes over an account whose keys are destroyed', async () => {
    const [row] = await sceau.database.query<{ id: CandidateId }>(
      'SELECT id FROM identity.account ORDER BY id',
    );
    if (row === undefined) throw new Error('There are accounts.');
    await sceau.app.get(SubjectKeys, { strict: false }).destroy(row.id, 'erasure');
    expect(await rotation().rotate(context, silent)).toMatchObject({
      version: 2,
      lost: 1,
      isFinishing: false,
    });
    candidates.shift();
    await expectAllFound();
  });
});
