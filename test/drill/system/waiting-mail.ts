import { type AccountId, parseId } from '../../../src/kernel/ids.js';
import { Notices } from '../../../src/modules/identity/notices/notices.js';
import { Database } from '../../../src/platform/database/database.js';
import type { DrilledSystem } from './drilled-system.ts';

/** A mail to an account, sealed and not sent: as if the mail server had been down since. */
export async function leaveMailWaiting({ app }: DrilledSystem, id: string): Promise<void> {
  const account = parseId<AccountId>(id);
  if (account === undefined) throw new Error('A candidate has the id of an account.');
  await app.get(Database, { strict: false }).run({ kind: 'identity' }, async (manager) => {
    const notices = app.get(Notices, { strict: false });
    const letter = await notices.write(account, { kind: 'address_known' });
    if (letter === undefined) throw new Error('The candidate has an account.');
    await notices.post(manager, letter);
    await manager.query('DELETE FROM jobs.job WHERE xmin = pg_current_xact_id()::xid');
  });
}
