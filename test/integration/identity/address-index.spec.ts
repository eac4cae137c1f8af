import { type AccountId, parseId } from '../../../src/kernel/ids.js';
import { Accounts } from '../../../src/modules/identity/index.js';
import { EMAIL } from '../../../src/modules/identity/persistence/places.js';
import { Database } from '../../../src/platform/database/database.js';
import { IndexKeys, Sealer } from '../../../src/sealing/index.js';
import { type CandidateActor, signUpCandidate, systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signIn } from './person.js';

/** Each phase of the index's rotation, in its order. */
const PHASES = [
  ['steady', 1, null],
  ['filling', 1, 2],
  ['switching', 1, 2],
  ['clearing', 1, 2],
  ['steady', 2, null],
] as const;

describe('an account whose address changes', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let id: AccountId;

  beforeAll(async () => {
    sceau = await startSceau();
    person = await signUpCandidate(sceau);
    const rows = await sceau.database.query<{ id: string }>('SELECT id::text FROM identity.account');
    const account = parseId<AccountId>(rows[0]?.id ?? '');
    if (account === undefined) throw new Error('There is no account.');
    id = account;
    await sceau.app.get(IndexKeys, { strict: false }).renew('email', 2);
  }, 60_000);

  afterAll(() => sceau.stop());

  async function moveTo(address: string): Promise<void> {
    const sealed = await sceau.app
      .get(Sealer, { strict: false })
      .seal(EMAIL, { subject: id, row: id }, address);
    await sceau.app
      .get(Database, { strict: false })
      .run({ kind: 'identity' }, (manager) =>
        sceau.app
          .get(Accounts, { strict: false })
          .changeAddress(systemContext(), manager, id, address, sealed),
      );
  }

  it('is found by the new one and not by the old one, in every phase of the index’s rotation', async () => {
    const seen: unknown[] = [];
    for (const [at, [phase, version, next]] of PHASES.entries()) {
      await sceau.database.query(
        `UPDATE platform.blind_index SET phase = $1, version = $2, next_version = $3 WHERE name = 'email'`,
        [phase, version, next],
      );
      const before = person;
      person = { ...person, email: `phase.${at}.${person.email}` };
      await moveTo(person.email);
      const statuses = [];
      for (const who of [before, person]) statuses.push((await signIn(sceau, who)).exchange.status);
      seen.push([phase, ...statuses]);
    }
    expect(seen).toEqual(PHASES.map(([phase]) => [phase, 401, 201]));
  });
});
