import type { RequestOptions } from '../../../tools/client/exchange.ts';

export interface TriedRoute {
  readonly list: 'vacancies' | 'applications' | 'sandbox/applications';
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
];

/** What the ids of its path are ids of. */
export const namedBy = ({ list }: TriedRoute): 'vacancies' | 'applications' =>
  list === 'vacancies' ? list : 'applications';

export const optionsOf = ({ options }: TriedRoute): RequestOptions => ({
  ...options,
  headers: { 'if-match': '"r1"', purpose: 'review' },
});
