import type { INestApplicationContext } from '@nestjs/common';
import { type AccountId, newId } from '../../../src/kernel/ids.js';
import { type AccountChange, Accounts } from '../../../src/modules/identity/accounts/accounts.js';
import { PasswordHashing } from '../../../src/modules/identity/passwords/password-hashing.js';
import { PASSWORD_HASH } from '../../../src/modules/identity/persistence/places.js';
import { Database } from '../../../src/platform/database/database.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { Sealer } from '../../../src/sealing/index.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record, systemContext } from '../../support/actors.js';
import type { Sceau } from '../../support/sceau.js';
import { eventually } from '../sealing/rotation-fixture.js';

export const service = <T>(
  { app }: { readonly app: INestApplicationContext },
  type: abstract new (...args: never[]) => T,
): T => app.get<T>(type, { strict: false });

/** Settings under which the address that a request comes from is the one that it names. */
export const behindProxy = (settings: Settings): Settings =>
  new Settings({ ...settings, http: { ...settings.http, trustedProxies: ['127.0.0.1'] } });

export interface SignInTry {
  readonly email: string;
  readonly password: string;
  readonly code?: string;
  readonly recoveryCode?: string;
  /** The address it comes from, behind a proxy. */
  readonly from?: string;
  /** Where it goes, when not to the first process. */
  readonly url?: string;
}

export interface Answered {
  readonly status: number;
  readonly code: unknown;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function trySignIn(sceau: Sceau, { from, url, ...given }: SignInTry): Promise<Answered> {
  const { status, headers, body } = await new PersonClient(url ?? sceau.url).request('/v1/sessions', {
    body: { ...given, transport: 'token' },
    ...(from === undefined ? {} : { headers: { 'x-forwarded-for': from } }),
  });
  const answer = record(body);
  return { status, code: answer['code'], headers, body: answer };
}

export const codeOf = (sceau: Sceau, person: CandidateActor): Promise<string> =>
  person.authenticator.code(sceau.clock.now().getTime());

/** The newest account, which is the one that was signed up last. */
export async function newestAccount({ database }: Sceau): Promise<AccountId> {
  const [row] = await database.query<{ id: AccountId }>(
    'SELECT id::text FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1',
  );
  return row?.id ?? newId<'account'>(0);
}

/** As the rooms above the accounts change one. */
export async function changeAccount(sceau: Sceau, id: AccountId, change: AccountChange): Promise<void> {
  await service(sceau, Database).run({ kind: 'identity' }, (manager) =>
    service(sceau, Accounts).change(systemContext(), manager, id, () => change),
  );
}

export async function changePassword(sceau: Sceau, id: AccountId, password: string): Promise<void> {
  const hash = await service(sceau, PasswordHashing).hash(password);
  const passwordHash = await service(sceau, Sealer).seal(PASSWORD_HASH, { subject: id, row: id }, hash);
  await changeAccount(sceau, id, { passwordHash });
}

/** Waits until a person's history of accesses has a sentence: what is staged comes a moment later. */
export async function sees({ client }: CandidateActor, sentence: string): Promise<void> {
  await eventually(async () =>
    JSON.stringify((await client.request('/v1/me/access-history')).body).includes(sentence),
  );
}

interface Entry {
  readonly outcome: string;
  readonly reason?: string;
  readonly action: string;
  readonly resource: { readonly id?: string };
}

/** Every entry of the ledger with an action, staged ones too. */
export async function entriesOf({ database }: Sceau, action: string): Promise<readonly Entry[]> {
  const rows = await database.query<{ envelope: string }>(
    `SELECT convert_from(envelope, 'UTF8') AS envelope FROM audit.staging
     UNION SELECT convert_from(envelope, 'UTF8') FROM audit.leaf`,
  );
  return rows.map(({ envelope }): Entry => JSON.parse(envelope)).filter((entry) => entry.action === action);
}
