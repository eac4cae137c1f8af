import type { Locale } from '../../../../kernel/context.js';
import { momentInWords } from './moment.js';
import type { BilingualText } from './text.js';

/** What has become of an application: a mail each. */
export const APPLICATION_MAILS = [
  'submitted',
  'under_review',
  'shortlisted',
  'interview',
  'offered',
  'accepted',
  'declined',
  'hired',
  'rejected',
  'withdrawn',
  'lapsed',
  'unanswered',
] as const;
export type ApplicationMail = (typeof APPLICATION_MAILS)[number];

/** The vacancy is public; nothing of what was written or decided is in the mail. */
export type ApplicationNotice =
  | {
      readonly kind: 'application_changed';
      readonly mail: ApplicationMail;
      readonly vacancy: string;
      readonly link: string;
      /** Until when an offer can be answered. */
      readonly answerBy?: Date;
    }
  | {
      readonly kind: 'offer_ending';
      readonly vacancy: string;
      readonly link: string;
      readonly answerBy: Date;
    };

interface Words {
  readonly subject: string;
  /** A sentence that goes on about the vacancy. */
  readonly about: string;
}

type Wordings = Readonly<Record<ApplicationMail | 'offer_ending', Readonly<Record<Locale, Words>>>>;

const words = (
  [subjectFr, aboutFr]: readonly [string, string],
  [subjectEn, aboutEn]: readonly [string, string],
): Wordings[ApplicationMail] => ({
  fr: { subject: subjectFr, about: aboutFr },
  en: { subject: subjectEn, about: aboutEn },
});

const WORDINGS: Wordings = {
  submitted: words(
    ['Votre candidature est déposée', "Votre candidature a été transmise à l'organisme"],
    ['Your application has been submitted', 'Your application was handed to the agency'],
  ),
  under_review: words(
    ["Votre candidature est en cours d'examen", "Votre candidature est en cours d'examen"],
    ['Your application is under review', 'Your application is under review'],
  ),
  shortlisted: words(
    ['Votre candidature est présélectionnée', 'Votre candidature est présélectionnée'],
    ['Your application has been shortlisted', 'Your application has been shortlisted'],
  ),
  interview: words(
    ["Votre candidature est au stade de l'entretien", "L'organisme souhaite s'entretenir avec vous"],
    ['Your application has come to the interview', 'The agency would like to meet you'],
  ),
  offered: words(
    ['Une proposition vous est faite', "L'organisme vous fait une proposition"],
    ['You have an offer', 'The agency makes you an offer'],
  ),
  accepted: words(
    ['Vous avez accepté la proposition', "Votre acceptation a été transmise à l'organisme"],
    ['You have accepted the offer', 'Your acceptance was handed to the agency'],
  ),
  declined: words(
    ['Vous avez décliné la proposition', "Votre refus a été transmis à l'organisme"],
    ['You have declined the offer', 'Your refusal was handed to the agency'],
  ),
  hired: words(
    ['Votre recrutement est confirmé', "L'organisme confirme votre recrutement"],
    ['You have been hired', 'The agency has confirmed that you are hired'],
  ),
  rejected: words(
    ["Votre candidature n'est pas retenue", "L'organisme n'a pas retenu votre candidature"],
    ['Your application was not retained', 'The agency has not retained your application'],
  ),
  withdrawn: words(
    ['Votre candidature est retirée', "Votre candidature est retirée : l'organisme ne peut plus la lire"],
    ['Your application has been withdrawn', 'Your application was withdrawn: the agency can read it no more'],
  ),
  lapsed: words(
    ['Votre candidature a pris fin', "L'offre a été archivée sans décision sur votre candidature"],
    [
      'Your application has come to its end',
      'The vacancy was archived without a decision on your application',
    ],
  ),
  unanswered: words(
    ['La proposition a pris fin', 'La proposition a pris fin : elle est restée sans réponse'],
    ['The offer has ended', 'The offer has ended: it was not answered in time'],
  ),
  offer_ending: words(
    ['La proposition attend votre réponse', 'Une proposition attend votre réponse'],
    ['The offer awaits your answer', 'An offer awaits your answer'],
  ),
};

const UNTIL: Readonly<Record<Locale, (moment: string) => string>> = {
  fr: (moment) => `\n\nVous pouvez y répondre jusqu'au ${moment}. Sans réponse, elle prend fin à ce moment.`,
  en: (moment) => `\n\nYou can answer it until ${moment}. Without an answer it ends then.`,
};

const FRAMES: Readonly<
  Record<Locale, (about: string, vacancy: string, more: string, link: string) => string>
> = {
  fr: (about, vacancy, more, link) =>
    `Bonjour,\n\n${about}.\n\nOffre : ${vacancy}${more}\n\nLe détail :\n\n${link}`,
  en: (about, vacancy, more, link) =>
    `Hello,\n\n${about}.\n\nVacancy: ${vacancy}${more}\n\nThe details:\n\n${link}`,
};

export function applicationText(notice: ApplicationNotice): BilingualText {
  const wording = WORDINGS[notice.kind === 'offer_ending' ? 'offer_ending' : notice.mail];
  const { vacancy, link, answerBy } = notice;
  const text = (locale: Locale) => {
    const { subject, about } = wording[locale];
    const more = answerBy === undefined ? '' : UNTIL[locale](momentInWords(answerBy, locale));
    return { subject, text: FRAMES[locale](about, vacancy, more, link) };
  };
  return { fr: text('fr'), en: text('en') };
}
