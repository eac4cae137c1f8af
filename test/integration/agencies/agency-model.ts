import type { Exchange, RequestOptions } from '../../../tools/client/exchange.ts';
import { type AgencyActor, record } from '../../support/actors.js';
import type { TestDatabase } from '../../support/database.js';
import { stepTo } from '../../support/step.js';

export const ACTS = [
  'create',
  'read vacancy',
  'patch',
  'publish',
  'close',
  'archive',
  'list vacancies',
  'list applications',
  'disclose',
  'disclose all',
  'move',
  'reject',
  'usage',
  'register webhook',
  'read webhook',
  'change webhook',
  'delete webhook',
  'list webhooks',
] as const;
export type Act = (typeof ACTS)[number];

interface Thing {
  readonly id: string;
  readonly vacancyId: string;
  status: string;
  revision: number;
}

/** Of one agency, see docs/webhooks.md. */
const MOST_WEBHOOKS = 10;

const VACANCY = {
  title: 'Archiviste',
  description: 'Vous classez les fonds.',
  department: '29',
  category: 'A',
  contract: 'fixed_term',
  remote: 'none',
  deadline: '2099-01-31T22:59:59Z',
  openings: 3,
};

/** What each act on a vacancy makes of its status, written out apart from the product's own table. */
const VACANCY_AFTER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  publish: { draft: 'published', closed: 'published' },
  close: { published: 'closed' },
  archive: { draft: 'archived', published: 'archived', closed: 'archived' },
  patch: { draft: 'draft', published: 'published', closed: 'closed' },
};
const NEXT: Readonly<Record<string, string>> = {
  submitted: 'under_review',
  under_review: 'shortlisted',
  shortlisted: 'interview',
  interview: 'offered',
};
const UNDECIDED = Object.keys(NEXT);

/** What one agency must find, as if there were no other. */
export class AgencyModel {
  readonly actor: AgencyActor;
  readonly vacancies = new Map<string, Thing>();
  readonly applications = new Map<string, Thing>();
  readonly webhooks = new Map<string, Thing>();
  hasRead = false;

  private constructor(actor: AgencyActor) {
    this.actor = actor;
  }

  static async of(database: TestDatabase, actor: AgencyActor, hasRead: boolean): Promise<AgencyModel> {
    const model = new AgencyModel(actor);
    model.hasRead = hasRead;
    const select = `SELECT id::text AS id, status, revision,`;
    for (const row of await database.query<Thing>(
      `${select} id::text AS "vacancyId" FROM vacancies.vacancy WHERE agency_id = $1`,
      [actor.agencyId],
    ))
      model.vacancies.set(row.id, row);
    for (const row of await database.query<Thing>(
      `${select} vacancy_id::text AS "vacancyId" FROM applications.application
       WHERE agency_id = $1 AND status <> 'draft'`,
      [actor.agencyId],
    ))
      model.applications.set(row.id, row);
    for (const row of await database.query<Thing>(
      `${select} id::text AS "vacancyId" FROM webhooks.endpoint WHERE agency_id = $1`,
      [actor.agencyId],
    ))
      model.webhooks.set(row.id, row);
    return model;
  }

  /** Does it for real, on an id of whomever. @returns what differs from what must be; nothing when all is right */
  async does(act: Act, id: string): Promise<readonly string[]> {
    switch (act) {
      case 'create':
        return this.#create();
      case 'read vacancy':
        return this.#readVacancy(id);
      case 'patch':
      case 'publish':
      case 'close':
      case 'archive':
        return this.#changeVacancy(act, id);
      case 'list vacancies':
        return difference(act, await this.#listed('/vacancies'), ids(this.vacancies));
      case 'list applications':
        return difference(act, await this.#listed('/applications'), ids(this.applications));
      case 'disclose':
        return this.#disclose(id);
      case 'disclose all':
        return this.#discloseAll(id);
      case 'move':
        return this.#move(id, NEXT[this.#statusOf(id)], {});
      case 'reject': {
        const to = UNDECIDED.includes(this.#statusOf(id)) ? 'rejected' : undefined;
        return this.#move(id, to, { reason: 'other' }, 'rejected');
      }
      case 'usage':
        return this.#usage();
      case 'register webhook':
        return this.#register();
      case 'read webhook':
        return this.#readWebhook(id);
      case 'change webhook':
        return this.#changeWebhook(id);
      case 'delete webhook':
        return this.#deleteWebhook(id);
      case 'list webhooks':
        return difference(act, await this.#listed('/webhooks'), ids(this.webhooks));
    }
  }

  #statusOf(id: string): string {
    return this.applications.get(id)?.status ?? '';
  }

  async #create(): Promise<readonly string[]> {
    const { status, body } = await this.#ask('/vacancies', { body: VACANCY });
    const created = String(record(body)['id']);
    this.vacancies.set(created, { id: created, vacancyId: created, status: 'draft', revision: 1 });
    return difference('create', status, 201);
  }

  async #readVacancy(id: string): Promise<readonly string[]> {
    const { status, body } = await this.#ask(`/vacancies/${id}`);
    const own = this.vacancies.get(id);
    const expected = own === undefined ? [404, undefined] : [200, own.revision];
    return difference('read vacancy', [status, record(body)['revision']], expected);
  }

  async #disclose(id: string): Promise<readonly string[]> {
    const { status } = await this.#ask(`/applications/${id}`, { headers: { purpose: 'review' } });
    const own = this.applications.get(id);
    this.hasRead ||= status === 200;
    return difference('disclose', status, own === undefined ? 404 : isReadable(own) ? 200 : 403);
  }

  async #usage(): Promise<readonly string[]> {
    const { limits, openApplications } = record((await this.#ask('/usage')).body);
    const used = Array.isArray(limits) ? record(limits[0])['used'] : undefined;
    const open = [...this.applications.values()].filter(isReadable).length;
    return difference('usage', [used, openApplications], [this.hasRead ? 1 : 0, open]);
  }

  async #changeVacancy(act: string, id: string): Promise<readonly string[]> {
    const own = this.vacancies.get(id);
    const options = act === 'patch' ? { method: 'PATCH', body: { openings: 2 } } : { method: 'POST' };
    const path = act === 'patch' ? `/vacancies/${id}` : `/vacancies/${id}/${act}`;
    const { status } = await this.#ask(path, { ...options, headers: tagOf(own) });
    const after = VACANCY_AFTER[act]?.[own?.status ?? ''];
    if (own === undefined || after === undefined)
      return difference(act, status, own === undefined ? 404 : 409);
    Object.assign(own, { status: after, revision: own.revision + 1 });
    for (const application of this.applications.values())
      if (act === 'archive' && application.vacancyId === id && UNDECIDED.includes(application.status))
        Object.assign(application, { status: 'lapsed', revision: application.revision + 1 });
    return difference(act, status, 200);
  }

  async #discloseAll(id: string): Promise<readonly string[]> {
    const wanted = [...new Set([...this.applications.keys(), id])];
    const body = { ids: wanted, purpose: 'review' };
    const answer = await this.#ask('/applications/disclosures', { body });
    const items = record(answer.body)['items'];
    const found = (Array.isArray(items) ? items : []).map((item: unknown) => {
      const { id: of, refusal = 'none' } = record(item);
      return `${String(of)} ${String(refusal)}`;
    });
    const expected = wanted.map((one) => {
      const own = this.applications.get(one);
      return `${one} ${own === undefined ? 'not_found' : isReadable(own) ? 'none' : 'purpose_not_allowed'}`;
    });
    this.hasRead ||= expected.some((line) => line.endsWith(' none'));
    return difference('disclose all', found, expected);
  }

  async #register(): Promise<readonly string[]> {
    const hasRoom = this.webhooks.size < MOST_WEBHOOKS;
    const wish = { url: 'https://127.0.0.1/', events: ['application.hired'] };
    const { status, body } = await this.#ask('/webhooks', { body: wish });
    const id = String(record(body)['id']);
    if (hasRoom) this.webhooks.set(id, { id, vacancyId: id, status: 'enabled', revision: 1 });
    return difference('register webhook', status, hasRoom ? 201 : 409);
  }

  async #readWebhook(id: string): Promise<readonly string[]> {
    const { status, body } = await this.#ask(`/webhooks/${id}`);
    const { revision, enabled } = record(body);
    const own = this.webhooks.get(id);
    const expected = own === undefined ? [404] : [200, own.revision, own.status === 'enabled'];
    return difference('read webhook', status === 404 ? [status] : [status, revision, enabled], expected);
  }

  async #changeWebhook(id: string): Promise<readonly string[]> {
    const own = this.webhooks.get(id);
    const enabled = own?.status !== 'enabled';
    const change = { method: 'PATCH', body: { enabled }, headers: tagOf(own) };
    const { status } = await this.#ask(`/webhooks/${id}`, change);
    if (own !== undefined)
      Object.assign(own, { status: enabled ? 'enabled' : 'disabled', revision: own.revision + 1 });
    return difference('change webhook', status, own === undefined ? 404 : 200);
  }

  async #deleteWebhook(id: string): Promise<readonly string[]> {
    const { status } = await this.#ask(`/webhooks/${id}`, { method: 'DELETE' });
    return difference('delete webhook', status, this.webhooks.delete(id) ? 204 : 404);
  }

  /** @param to what the application must become, if it may move at all */
  async #move(
    id: string,
    to: string | undefined,
    body: object,
    asked = to ?? 'under_review',
  ): Promise<readonly string[]> {
    const own = this.applications.get(id);
    const { status } = await this.#ask(`/applications/${id}/transitions`, {
      body: { ...body, ...stepTo(asked) },
      headers: tagOf(own),
    });
    if (own === undefined || to === undefined)
      return difference('move', status, own === undefined ? 404 : 409);
    Object.assign(own, { status: to, revision: own.revision + 1 });
    return difference('move', status, 200);
  }

  async #listed(path: string): Promise<readonly string[]> {
    const found: string[] = [];
    let query = '?limit=10';
    while (query !== '') {
      const page = record((await this.#ask(`${path}${query}`)).body);
      const items = page['items'];
      found.push(...(Array.isArray(items) ? items : []).map((item: unknown) => String(record(item)['id'])));
      const { nextCursor } = page;
      query = typeof nextCursor === 'string' ? `?limit=10&cursor=${nextCursor}` : '';
    }
    return found.toSorted();
  }

  #ask(path: string, options: RequestOptions = {}): Promise<Exchange> {
    return this.actor.client.request(`/v1/agency${path}`, options);
  }
}

const ids = (things: ReadonlyMap<string, Thing>): readonly string[] => [...things.keys()].toSorted();
const tagOf = (thing: Thing | undefined) => ({ 'if-match': `"r${thing?.revision ?? 1}"` });
const isReadable = ({ status }: Thing): boolean => UNDECIDED.includes(status) || status === 'offered';

function difference(act: string, found: unknown, expected: unknown): readonly string[] {
  const [is, must] = [JSON.stringify(found), JSON.stringify(expected)];
  return is === must ? [] : [`${act}: ${is}, not ${must}`];
}
