import type { INestApplicationContext } from '@nestjs/common';
import { type AccountId, parseId } from '../../../src/kernel/ids.js';
import { Accounts, Sessions } from '../../../src/modules/identity/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { systemContext } from '../../support/actors.js';
import type { Candidate } from '../population/candidate.ts';

/** A session of somebody's that the thief has as well. */
export interface StolenSession {
  readonly id: string;
  readonly token: string;
}

/** @param app the product's own rooms, which open one for whom they are told */
export function stealSession(
  app: Pick<INestApplicationContext, 'get'>,
  { id }: Pick<Candidate, 'id'>,
): Promise<StolenSession> {
  const [accounts, sessions] = [app.get(Accounts, { strict: false }), app.get(Sessions, { strict: false })];
  const accountId = parseId<AccountId>(id);
  if (accountId === undefined) throw new Error('A candidate has the id of an account.');
  return app.get(Database, { strict: false }).run({ kind: 'identity' }, async (manager) => {
    const account = await accounts.lock(systemContext(), manager, accountId);
    if (account === null) throw new Error('The candidate has an account.');
    return sessions.open(manager, systemContext(), account, 'token');
  });
}
