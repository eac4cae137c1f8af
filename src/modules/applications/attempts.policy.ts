import { type Bilingual, Failure } from '../../kernel/errors.js';
import { type ApplicationStatus, isOver } from './application.machine.js';

/** Applications of one candidate for one vacancy, whatever became of them. */
const MOST_ATTEMPTS = 2;

/**
 * Which of a candidate's applications for a vacancy the next one is: whoever has withdrawn may apply once more, and
 * nobody where the agency or the candidate has come to a decision.
 * @param earlier the states of those that there are
 * @throws Failure `application_exists` while one is open, `reapplication_refused`
 */
export function nextAttempt(earlier: readonly ApplicationStatus[]): number {
  if (!earlier.every(isOver)) throw new Failure('application_exists');
  if (!earlier.every((status) => status === 'withdrawn')) throw refused(DECIDED);
  if (earlier.length >= MOST_ATTEMPTS) throw refused(TOO_OFTEN);
  return earlier.length + 1;
}

const DECIDED: Bilingual = {
  en: 'Your application for this vacancy has come to its end; only a withdrawn one can be made again.',
  fr: 'Votre candidature à cette offre est arrivée à son terme ; seule une candidature retirée peut être déposée à nouveau.',
};

const TOO_OFTEN: Bilingual = {
  en: 'You have withdrawn from this vacancy twice.',
  fr: 'Vous avez retiré deux fois votre candidature à cette offre.',
};

const refused = (detail: Bilingual): Failure => new Failure('reapplication_refused', { detail });
