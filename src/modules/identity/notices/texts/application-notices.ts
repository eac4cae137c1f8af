import type { Locale } from '../../../../kernel/context.js';
import type { BilingualText } from './text.js';

const STATUS: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  submitted: { fr: 'déposée', en: 'submitted' },
  under_review: { fr: "en cours d'examen", en: 'under review' },
  shortlisted: { fr: 'présélectionnée', en: 'shortlisted' },
  interview: { fr: "au stade de l'entretien", en: 'at the interview stage' },
  offered: { fr: 'suivie d’une proposition', en: 'followed by an offer' },
  accepted: { fr: 'acceptée', en: 'accepted' },
  declined: { fr: 'close : vous avez décliné la proposition', en: 'closed: you declined the offer' },
  hired: { fr: 'close : vous êtes recruté·e', en: 'closed: you are hired' },
  rejected: { fr: 'non retenue', en: 'not retained' },
  withdrawn: { fr: 'retirée', en: 'withdrawn' },
  lapsed: { fr: 'close sans décision', en: 'closed without a decision' },
};

export interface ApplicationNotice {
  readonly kind: 'application_changed';
  readonly vacancy: string;
  readonly status: string;
  /** Until when an offer can be answered. */
  readonly answerBy?: Date;
  readonly link: string;
}

export const applicationText = (notice: ApplicationNotice): BilingualText => ({
  fr: {
    subject: 'Votre candidature a avancé',
    text: `Bonjour,\n\nVotre candidature « ${notice.vacancy} » est ${STATUS[notice.status]?.fr ?? notice.status}.\n\nLe détail :\n\n${notice.link}`,
  },
  en: {
    subject: 'Your application has moved on',
    text: `Hello,\n\nYour application “${notice.vacancy}” is ${STATUS[notice.status]?.en ?? notice.status}.\n\nThe details:\n\n${notice.link}`,
  },
});
