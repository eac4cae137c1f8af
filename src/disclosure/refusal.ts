import { type Bilingual, Failure } from '../kernel/errors.js';
import type { RefusalReason, Release, Released } from './dossier.js';
import type { Decision, Granted } from './release-decision.js';

const SENTENCES: Readonly<Record<RefusalReason, Bilingual>> = {
  purpose_not_allowed: {
    en: 'The application is not at a stage that allows this purpose.',
    fr: "La candidature n'est pas à un stade qui permet cette finalité.",
  },
  field_not_released: {
    en: 'A field that was asked for is not released for this purpose.',
    fr: "Une donnée demandée n'est pas communiquée pour cette finalité.",
  },
};

/** @throws Failure `disclosure_refused` unless the one application that was asked for is released */
export function requireReleased([release]: readonly Release[]): Released {
  if (release === undefined) throw new Error('There is one answer per application asked for.');
  if (release.outcome === 'released') return release;
  throw refused(release.reason);
}

/** @throws Failure `disclosure_refused` unless the one dossier that was decided about is granted */
export function requireGranted([decision]: readonly Decision[]): Granted {
  if (decision === undefined) throw new Error('There is one decision per dossier.');
  if (decision.outcome === 'denied') throw refused(decision.reason);
  return decision;
}

const refused = (reason: RefusalReason): Failure =>
  new Failure('disclosure_refused', { detail: SENTENCES[reason] });
