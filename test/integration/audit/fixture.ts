import type { Actor, RequestContext, SystemActor } from '../../../src/kernel/context.js';
import { newId } from '../../../src/kernel/ids.js';
import { type EntryDraft, Ledger } from '../../../src/ledger/index.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { comeInAsStaff } from '../../support/staff.js';
import type { Sceau } from '../../support/sceau.js';

export const agencyActor = (): Extract<Actor, { kind: 'agency' }> => ({
  kind: 'agency',
  agencyId: newId<'agency'>(Date.now()),
  clientId: newId<'client'>(Date.now()),
  scopes: ['applications:read'],
});

export const contextOf = (actor: Actor): RequestContext => ({
  requestId: newId<'request'>(Date.now()),
  actor,
  locale: 'fr',
  address: '192.0.2.77',
});

export const systemNamed = (name: string): RequestContext<SystemActor> => ({
  ...contextOf({ kind: 'system', name }),
  actor: { kind: 'system', name },
});

/** Entries that a signed checkpoint covers. @returns their ids, in order */
export async function recordEntries(sceau: Sceau, drafts: readonly EntryDraft[]): Promise<readonly string[]> {
  const ledger = sceau.app.get(Ledger);
  const ids: string[] = [];
  for (const draft of drafts) ids.push((await ledger.append(draft, 'sequenced')).entryId);
  return ids;
}

export const items = (body: unknown): readonly Record<string, unknown>[] => {
  const list = record(body)['items'];
  return Array.isArray(list) ? list.map(record) : [];
};

/** Every page of a list, by its Link headers. */
export async function everyPage(
  client: PersonClient,
  path: string,
): Promise<readonly Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { status, body, headers } = await client.request(next);
    if (status !== 200) throw new Error(`A page answers ${status}.`);
    found.push(...items(body));
    next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  }
  return found;
}

/** An export as text. */
export async function exported(client: PersonClient, query = ''): Promise<string> {
  const { status, body } = await client.request(`/v1/audit/export${query}`, { headers: { accept: '*/*' } });
  if (status !== 200 || typeof body !== 'string') throw new Error(`The export answers ${status}.`);
  return body;
}

/** A session token, for a test that speaks HTTP itself. */
export async function auditorToken(sceau: Sceau): Promise<string> {
  return (await comeInAsStaff(sceau, 'auditor')).token;
}
