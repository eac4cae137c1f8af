import type { BilingualText } from './text.js';

/** On the way to an account. */
export type AccountNotice =
  | { readonly kind: 'confirm_address'; readonly link: string; readonly token: string }
  | { readonly kind: 'address_known' }
  | { readonly kind: 'address_invited' };

export function accountText(notice: AccountNotice): BilingualText {
  switch (notice.kind) {
    case 'confirm_address':
      return {
        fr: {
          subject: 'Confirmez votre adresse électronique',
          text: `Bonjour,\n\nPour créer votre compte, ouvrez ce lien dans les 24 heures :\n\n${notice.link}\n\nOu indiquez ce code à votre application :\n\n${notice.token}\n\nSi vous n'avez rien demandé, ignorez ce message.`,
        },
        en: {
          subject: 'Confirm your e-mail address',
          text: `Hello,\n\nTo create your account, open this link within 24 hours:\n\n${notice.link}\n\nOr give this code to your program:\n\n${notice.token}\n\nIf you did not ask for this, ignore this message.`,
        },
      };
    case 'address_known':
      return {
        fr: {
          subject: 'Vous avez déjà un compte',
          text: "Bonjour,\n\nQuelqu'un, vous peut-être, vient de demander un compte avec cette adresse. Vous en avez déjà un : connectez-vous.\n\nSi ce n'était pas vous, il n'y a rien à faire.",
        },
        en: {
          subject: 'You already have an account',
          text: 'Hello,\n\nSomebody, perhaps you, has just asked for an account with this address. You have one already: sign in.\n\nIf it was not you, there is nothing to do.',
        },
      };
    case 'address_invited':
      return {
        fr: {
          subject: 'Une invitation vous attend',
          text: "Bonjour,\n\nQuelqu'un, vous peut-être, vient de demander un compte avec cette adresse. Une invitation y a déjà été envoyée : ouvrez son lien, ou demandez-en une nouvelle à la personne qui vous a invité·e.\n\nSi ce n'était pas vous, il n'y a rien à faire.",
        },
        en: {
          subject: 'An invitation awaits you',
          text: 'Hello,\n\nSomebody, perhaps you, has just asked for an account with this address. An invitation has been sent there already: open its link, or ask whoever invited you for another.\n\nIf it was not you, there is nothing to do.',
        },
      };
  }
}
