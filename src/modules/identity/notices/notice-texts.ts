import type { Locale } from '../../../kernel/context.js';

/** What an account's owner is told by mail. No personal data: the person knows who they are. */
export type Notice =
  | { readonly kind: 'confirm_address'; readonly link: string; readonly token: string }
  | { readonly kind: 'address_known' }
  | { readonly kind: 'factor_enrolled' }
  | { readonly kind: 'recovery_code_used'; readonly left: number }
  | {
      readonly kind: 'application_changed';
      readonly vacancy: string;
      readonly status: string;
      readonly link: string;
    };

interface Text {
  readonly subject: string;
  readonly text: string;
}

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

const FRENCH_SIGNATURE = '\n\nSceau\nCe message est envoyé automatiquement ; personne ne lit les réponses.\n';
const ENGLISH_SIGNATURE = '\n\nSceau\nThis message is sent automatically; nobody reads the replies.\n';

/** The mail for a notice, in the owner's language. */
export function textOf(notice: Notice, locale: Locale): Text {
  const { subject, text } = locale === 'fr' ? french(notice) : english(notice);
  return { subject, text: `${text}${locale === 'fr' ? FRENCH_SIGNATURE : ENGLISH_SIGNATURE}` };
}

function french(notice: Notice): Text {
  switch (notice.kind) {
    case 'confirm_address':
      return {
        subject: 'Confirmez votre adresse électronique',
        text: `Bonjour,\n\nPour créer votre compte, ouvrez ce lien dans les 24 heures :\n\n${notice.link}\n\nOu indiquez ce code à votre application :\n\n${notice.token}\n\nSi vous n'avez rien demandé, ignorez ce message.`,
      };
    case 'address_known':
      return {
        subject: 'Vous avez déjà un compte',
        text: "Bonjour,\n\nQuelqu'un, vous peut-être, vient de demander un compte avec cette adresse. Vous en avez déjà un : connectez-vous.\n\nSi ce n'était pas vous, il n'y a rien à faire.",
      };
    case 'factor_enrolled':
      return {
        subject: "Votre application d'authentification est enregistrée",
        text: "Bonjour,\n\nUne application d'authentification vient d'être enregistrée et votre compte est actif. Conservez vos dix codes de secours en lieu sûr.",
      };
    case 'recovery_code_used':
      return {
        subject: 'Un code de secours a été utilisé',
        text: `Bonjour,\n\nUn code de secours vient d'ouvrir votre compte. Il vous en reste ${notice.left}.\n\nSi ce n'était pas vous, mettez fin à toutes vos sessions.`,
      };
    case 'application_changed':
      return {
        subject: 'Votre candidature a avancé',
        text: `Bonjour,\n\nVotre candidature « ${notice.vacancy} » est ${STATUS[notice.status]?.fr ?? notice.status}.\n\nLe détail :\n\n${notice.link}`,
      };
  }
}

function english(notice: Notice): Text {
  switch (notice.kind) {
    case 'confirm_address':
      return {
        subject: 'Confirm your e-mail address',
        text: `Hello,\n\nTo create your account, open this link within 24 hours:\n\n${notice.link}\n\nOr give this code to your program:\n\n${notice.token}\n\nIf you did not ask for this, ignore this message.`,
      };
    case 'address_known':
      return {
        subject: 'You already have an account',
        text: 'Hello,\n\nSomebody, perhaps you, has just asked for an account with this address. You have one already: sign in.\n\nIf it was not you, there is nothing to do.',
      };
    case 'factor_enrolled':
      return {
        subject: 'Your authenticator is enrolled',
        text: 'Hello,\n\nAn authenticator has just been enrolled and your account is active. Keep your ten recovery codes in a safe place.',
      };
    case 'recovery_code_used':
      return {
        subject: 'A recovery code was used',
        text: `Hello,\n\nA recovery code has just opened your account. You have ${notice.left} left.\n\nIf it was not you, end all your sessions.`,
      };
    case 'application_changed':
      return {
        subject: 'Your application has moved on',
        text: `Hello,\n\nYour application “${notice.vacancy}” is ${STATUS[notice.status]?.en ?? notice.status}.\n\nThe details:\n\n${notice.link}`,
      };
  }
}
