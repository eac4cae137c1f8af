import type { Bilingual } from '../../kernel/errors.js';
import type { ApplicationStatus, Reason } from './application.machine.js';

const words = (en: string, fr: string): Bilingual => ({ en, fr });

/** What has become of an application, as its candidate reads it. */
export const STATUS_WORDS: Readonly<Record<ApplicationStatus, Bilingual>> = {
  draft: words('Draft', 'Brouillon'),
  submitted: words('Application submitted', 'Candidature déposée'),
  under_review: words('Application under review', "Candidature en cours d'examen"),
  shortlisted: words('Application shortlisted', 'Candidature présélectionnée'),
  interview: words('Invitation to an interview', 'Invitation à un entretien'),
  offered: words('Offer received', 'Proposition reçue'),
  accepted: words('Offer accepted', 'Proposition acceptée'),
  declined: words('Offer declined', 'Proposition déclinée'),
  hired: words('Hired', 'Recrutement confirmé'),
  rejected: words('Application not retained', 'Candidature non retenue'),
  withdrawn: words('Application withdrawn', 'Candidature retirée'),
  lapsed: words('Application lapsed', 'Candidature close sans suite'),
};

export const REASON_WORDS: Readonly<Record<Reason, Bilingual>> = {
  profile_mismatch: words(
    'The profile does not match what the post asks for.',
    'Le profil ne correspond pas aux attentes du poste.',
  ),
  position_filled: words('Somebody else has the post.', 'Le poste est pourvu.'),
  incomplete: words('What was sent is not complete.', 'Le dossier transmis est incomplet.'),
  not_eligible: words(
    'The conditions for this post are not met.',
    "Les conditions d'accès à ce poste ne sont pas remplies.",
  ),
  interview_inconclusive: words('The interview has not convinced.', "L'entretien n'a pas été concluant."),
  other: words('Another reason.', 'Un autre motif.'),
  vacancy_archived: words(
    'The vacancy was archived without a decision.',
    "L'offre a été archivée sans décision.",
  ),
  offer_unanswered: words(
    'The offer was not answered in time.',
    'La proposition est restée sans réponse dans le délai.',
  ),
};
