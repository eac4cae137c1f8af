import { type AccountId, parseId } from '../../../src/kernel/ids.js';
import { Clients } from '../../../src/modules/agencies/index.js';
import { KeptRecords } from '../../../src/modules/security-records/index.js';
import { type CandidateActor, signUpCandidate, systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyProgram, ledgerEntries, newProgram } from '../agencies/agency-program.js';
import { copyRow, putBack, refusalsOf } from './record-rows.js';

/** What an operator does once the data was restored to before people and programs changed. */
describe('readmission after a restore', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let account: AccountId;
  let program: AgencyProgram;
  let forged: AgencyProgram;
  let untouched: AgencyProgram;

  beforeAll(async () => {
    sceau = await startSceau();
    person = await signUpCandidate(sceau);
    [program, forged, untouched] = await Promise.all([
      newProgram(sceau),
      newProgram(sceau),
      newProgram(sceau),
    ]);
    const rows = await sceau.database.query<{ id: string }>('SELECT id::text FROM identity.account');
    const id = parseId<AccountId>(rows[0]?.id ?? '');
    if (id === undefined) throw new Error('There is no account.');
    account = id;
  }, 60_000);

  afterAll(() => sceau.stop());

  const useRecoveryCode = async (recoveryCode = '') => {
    const body = { email: person.email, password: person.password, recoveryCode, transport: 'token' };
    return (await new PersonClient(sceau.url).request('/v1/sessions', { body })).status;
  };

  it('takes what the product once wrote, and nothing that it did not', async () => {
    const readmitted = async (): Promise<readonly string[]> => {
      const kinds = await sceau.app.get(KeptRecords, { strict: false }).readmit(systemContext());
      return kinds.filter(({ count }) => count > 0).map(({ called, count }) => `${called} ${count}`);
    };
    const before = await copyRow(sceau.database, 'identity.account', account);
    const clientBefore = await copyRow(sceau.database, 'agencies.client', program.clientId);
    expect(await useRecoveryCode(person.recoveryCodes[0])).toBe(201);
    await sceau.app.get(Clients, { strict: false }).suspend(systemContext(), program.clientId);
    await putBack(sceau.database, 'identity.account', before);
    await putBack(sceau.database, 'agencies.client', clientBefore);
    await sceau.database.query(`UPDATE agencies.client SET updated_at = now() WHERE id = $1`, [
      forged.clientId,
    ]);
    expect(await useRecoveryCode(person.recoveryCodes[1])).toBe(401);

    expect((await readmitted()).toSorted()).toEqual(['accounts 1', 'clients 1']);
    expect(await readmitted()).toEqual([]);
    // A session of the backup may have been ended since.
    expect((await person.client.request('/v1/me/sessions')).status).toBe(401);

    expect(await useRecoveryCode(person.recoveryCodes[1])).toBe(201);
    await program.token();
    await untouched.token();
    expect((await forged.requestToken()).status).toBe(401);
    expect(new Set(await refusalsOf(sceau.database, forged.clientId))).toEqual(new Set(['refused: forged']));
    const recorded = await ledgerEntries(sceau, 'security_record.readmitted');
    expect(new Set(recorded.map(({ resource }) => resource.id))).toEqual(
      new Set([account, program.clientId]),
    );
  });
});
