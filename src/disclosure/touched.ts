import type { EntryDraft, TouchedSubject } from '../ledger/index.js';
import type { Dossier } from './dossier.js';

type Named = Pick<Dossier, 'candidate' | 'application'>;

/** One candidate's part of an entry. */
export function touched({ candidate, application }: Named, fields: readonly string[]): TouchedSubject {
  const names = [...new Set(fields)];
  return application === undefined ? { candidate, fields: names } : { candidate, application, fields: names };
}

/** Whom an entry is about, whichever their fields; a single application is also the entry's resource. */
export function about(dossiers: readonly Named[]): Pick<EntryDraft, 'resource' | 'subjects'> {
  const subjects = dossiers.map((dossier) => touched(dossier, []));
  const [first] = dossiers;
  return dossiers.length === 1 && first?.application !== undefined
    ? { resource: first.application, subjects }
    : { subjects };
}
