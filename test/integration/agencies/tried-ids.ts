import type { RequestOptions } from '../../../tools/client/exchange.ts';

export interface TriedRoute {
  readonly list: 'vacancies' | 'applications' | 'sandbox/applications' | 'webhooks';
  /** Path below the id. */
  readonly below: string;
  /** What the ledger calls it. */
  readonly action: string;
  readonly options: RequestOptions;
}

/** Whatever an agency may ask of one id. */
export const TRIED_ROUTES: readonly TriedRoute[] = [
  { list: 'vacancies', below: '', action: 'vacancy.read', options: {} },
  { list: 'vacancies', below: '/diversity', action: 'diversity.figures_read', options: {} },
  {
    list: 'vacancies',
    below: '',
    action: 'vacancy.changed',
    options: { method: 'PATCH', body: { openings: 2 } },
  },
  { list: 'vacancies', below: '/publish', action: 'vacancy.published', options: { method: 'POST' } },
  { list: 'vacancies', below: '/close', action: 'vacancy.closed', options: { method: 'POST' } },
  { list: 'vacancies', below: '/archive', action: 'vacancy.archived', options: { method: 'POST' } },
  { list: 'applications', below: '', action: 'application.disclosed', options: {} },
  {
    list: 'applications',
    below: '/transitions',
    action: 'application.transitioned',
    options: { body: { to: 'shortlisted' } },
  },
  {
    list: 'sandbox/applications',
    below: '/transitions',
    action: 'application.withdrawn',
    options: { body: { to: 'withdrawn' } },
  },
  { list: 'webhooks', below: '', action: 'webhook.read', options: {} },
  {
    list: 'webhooks',
    below: '',
    action: 'webhook.changed',
    options: { method: 'PATCH', body: { enabled: true } },
  },
  { list: 'webhooks', below: '', action: 'webhook.deleted', options: { method: 'DELETE' } },
  { list: 'webhooks', below: '/secrets', action: 'webhook.secret_rotated', options: { body: {} } },
  { list: 'webhooks', below: '/test', action: 'webhook.tested', options: { method: 'POST' } },
  { list: 'webhooks', below: '/replay', action: 'webhook.replayed', options: { method: 'POST' } },
  { list: 'webhooks', below: '/deliveries', action: 'webhook.read', options: {} },
];

/** Whatever an agency may ask of one delivery to its own endpoint: path below the delivery’s id. */
export const TRIED_DELIVERIES: readonly Omit<TriedRoute, 'list'>[] = [
  { below: '', action: 'webhook.read', options: {} },
  { below: '/replay', action: 'webhook.replayed', options: { method: 'POST' } },
];

/** What the ids of its path are ids of. */
export const namedBy = ({ list }: TriedRoute): Exclude<TriedRoute['list'], 'sandbox/applications'> =>
  list === 'sandbox/applications' ? 'applications' : list;

export const optionsOf = ({ options }: Pick<TriedRoute, 'options'>): RequestOptions => ({
  ...options,
  headers: { 'if-match': '"r1"', purpose: 'review' },
});
