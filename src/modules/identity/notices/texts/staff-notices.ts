import type { BilingualText } from './text.js';

/** To auditors and operators, about their accounts. */
export type StaffNotice =
  | {
      readonly kind: 'staff_invited';
      readonly role: 'auditor' | 'operator';
      readonly link: string;
      readonly token: string;
    }
  | { readonly kind: 'staff_suspended' }
  | { readonly kind: 'staff_resumed' };

const ROLE = {
  auditor: { fr: "l'audit", en: 'an auditor' },
  operator: { fr: "l'exploitation", en: 'an operator' },
} as const;

export function staffText(notice: StaffNotice): BilingualText {
  switch (notice.kind) {
    case 'staff_invited':
      return {
        fr: {
          subject: 'Invitation à rejoindre Sceau',
          text: `Bonjour,\n\nVous êtes invité·e à rejoindre Sceau pour ${ROLE[notice.role].fr}. Ouvrez ce lien dans les trois jours ; vous y choisirez un mot de passe et enregistrerez une application d'authentification, que personne d'autre ne connaîtra :\n\n${notice.link}\n\nOu indiquez ce code à votre application :\n\n${notice.token}\n\nSi vous n'attendiez rien, ignorez ce message.`,
        },
        en: {
          subject: 'Invitation to join Sceau',
          text: `Hello,\n\nYou are invited to join Sceau as ${ROLE[notice.role].en}. Open this link within three days; there you choose a password and enrol an authenticator, which nobody else will know:\n\n${notice.link}\n\nOr give this code to your program:\n\n${notice.token}\n\nIf you did not expect this, ignore this message.`,
        },
      };
    case 'staff_suspended':
      return {
        fr: {
          subject: 'Votre compte est suspendu',
          text: 'Bonjour,\n\nVotre compte vient d’être suspendu et vos sessions ont pris fin. Pour toute question, adressez-vous à votre équipe d’exploitation.',
        },
        en: {
          subject: 'Your account is suspended',
          text: 'Hello,\n\nYour account has just been suspended and your sessions have ended. With any question turn to your operators.',
        },
      };
    case 'staff_resumed':
      return {
        fr: {
          subject: "Votre compte n'est plus suspendu",
          text: 'Bonjour,\n\nLa suspension de votre compte vient d’être levée : vous pouvez vous connecter à nouveau.',
        },
        en: {
          subject: 'Your account is no longer suspended',
          text: 'Hello,\n\nThe suspension of your account has just been lifted: you can sign in again.',
        },
      };
  }
}
