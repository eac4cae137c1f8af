import { type AccountId, parseId } from '../../../src/kernel/ids.js';
import { Randomness } from '../../../src/kernel/randomness.js';
import { type EntryDraft, Ledger } from '../../../src/ledger/index.js';
import type { NewAccount } from '../../../src/modules/identity/accounts/account-record.js';
import { Accounts } from '../../../src/modules/identity/index.js';
import { PasswordHashing } from '../../../src/modules/identity/passwords/password-hashing.js';
import {
  EMAIL,
  PASSWORD_HASH,
  RECOVERY_CODES,
  ROLE,
  TOTP_SECRET,
} from '../../../src/modules/identity/persistence/places.js';
import { hashRecoveryCode, newRecoveryCodes } from '../../../src/modules/identity/totp/recovery-codes.js';
import { Database } from '../../../src/platform/database/database.js';
import { Sealer } from '../../../src/sealing/index.js';
import { systemContext } from '../../support/actors.js';
import type { Candidate, Ground } from './candidate.ts';
import { type Person, personOf } from './person.ts';

/** So many hash their passwords at once. */
const AT_ONCE = 20;

/** An account for each, with password and authenticator; their sign-up and submission stand in the ledger. */
export async function openAccounts({ app }: Ground, candidates: readonly Candidate[]): Promise<void> {
  const accounts = app.get(Accounts, { strict: false });
  const ledger = app.get(Ledger, { strict: false });
  const database = app.get(Database, { strict: false });
  for (let at = 0; at < candidates.length; at += AT_ONCE) {
    const batch = candidates.slice(at, at + AT_ONCE);
    const made = await Promise.all(batch.map((candidate) => newAccount(app, candidate)));
    await database.run({ kind: 'identity' }, async (manager) => {
      for (const { person, account } of made) await accounts.insert(manager, person.email, account);
      await ledger.stage(manager, ...batch.flatMap((candidate) => entriesOf(candidate)));
    });
  }
}

async function newAccount(
  app: Ground['app'],
  candidate: Candidate,
): Promise<{ readonly person: Person; readonly account: NewAccount }> {
  const sealer = app.get(Sealer, { strict: false });
  const person = personOf(candidate.person);
  const id = parseId<AccountId>(candidate.id);
  if (id === undefined) throw new Error('A candidate has the id of an account.');
  const own = { subject: id, row: id };
  const passwordHash = await app.get(PasswordHashing, { strict: false }).hash(person.password);
  const codes = newRecoveryCodes(app.get(Randomness, { strict: false })).map(hashRecoveryCode);
  return {
    person,
    account: {
      id,
      status: 'active',
      email: await sealer.seal(EMAIL, own, person.email),
      role: await sealer.seal(ROLE, own, 'candidate'),
      passwordHash: await sealer.seal(PASSWORD_HASH, own, passwordHash),
      totpSecret: await sealer.seal(TOTP_SECRET, own, person.totpSecret),
      totpStep: '0',
      recoveryCodes: await sealer.seal(RECOVERY_CODES, own, codes),
      locale: 'fr',
      createdAt: new Date(),
    },
  };
}

function entriesOf({ id, application, agency }: Candidate): readonly EntryDraft[] {
  const context = systemContext();
  return [
    { action: 'account.registered', context, resource: id, subjects: [{ candidate: id, fields: [] }] },
    {
      action: 'application.submitted',
      context,
      resource: application,
      agency,
      reason: 'submitted',
      subjects: [{ candidate: id, application, fields: [] }],
    },
  ];
}
