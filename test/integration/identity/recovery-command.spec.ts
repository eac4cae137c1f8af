import { signUpCandidate } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type AskedRecovery, RecoveryWay } from './recovery-way.js';

const SOMETHING = '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b';

/** The operator's command line beside the running product. */
describe('sceau recovery', () => {
  let sceau: Sceau;
  let way: RecoveryWay;
  let email: string;
  let asked: AskedRecovery;

  beforeAll(async () => {
    sceau = await startSceau();
    way = new RecoveryWay(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    ({ email } = await signUpCandidate(sceau));
    asked = await way.asked(email);
  }, 60_000);

  const sceauCli = (...args: readonly string[]) => runCommand(sceau, args);

  it('lists what is open without an address, and approves it', async () => {
    const list = await sceauCli('recovery', 'list');
    expect(list.code).toBe(0);
    expect(list.output).toContain(`${asked.id}  asked     asked `);
    expect(list.output).not.toContain('@');
    expect(list.output).not.toContain(asked.account);
    expect(await sceauCli('recovery', 'approve', asked.id)).toMatchObject({ code: 0 });
    expect((await sceauCli('recovery', 'list')).output).toContain(`${asked.id}  approved  asked `);
    expect(await way.recorded(asked.account)).toEqual(['recovery.asked', 'recovery.approved']);
    await sceau.mailTo(email, /approuvée$/);
  }, 60_000);

  it('refuses it', async () => {
    expect(await sceauCli('recovery', 'refuse', asked.id)).toMatchObject({ code: 0, output: 'Refused.\n' });
    expect((await sceauCli('recovery', 'list')).output).not.toContain(asked.id);
    expect(await way.recorded(asked.account)).toEqual(['recovery.asked', 'recovery.refused']);
  }, 60_000);

  it.each([
    ['recovery', 'approve', SOMETHING],
    ['recovery', 'approve', 'personne@example.fr'],
    ['recovery', 'refuse'],
    ['recovery', 'list', '--all'],
  ])(
    'does nothing upon %s %s %s',
    async (...args) => {
      expect((await sceauCli(...args)).code).not.toBe(0);
      expect(await way.recorded(asked.account)).toEqual(['recovery.asked']);
    },
    60_000,
  );
});
