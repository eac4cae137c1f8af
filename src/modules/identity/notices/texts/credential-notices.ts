import type { Locale } from '../../../../kernel/context.js';
import type { BilingualText } from './text.js';

/** About changes of what a person signs in with, and of where they are written to. */
export type CredentialNotice =
  | {
      readonly kind: 'password_changed' | 'factor_replaced' | 'recovery_codes_renewed' | 'address_changed';
    }
  | {
      readonly kind: 'address_change_asked' | 'confirm_new_address' | 'password_reset_asked';
      readonly token: string;
    };

const NOT_YOU: Readonly<Record<Locale, string>> = {
  fr: "\n\nVos autres sessions ont pris fin. Si ce n'était pas vous, demandez tout de suite un nouveau mot de passe.",
  en: '\n\nYour other sessions have ended. If it was not you, ask for a new password at once.',
};

const text = (fr: [string, string], en: [string, string]): BilingualText => ({
  fr: { subject: fr[0], text: `Bonjour,\n\n${fr[1]}` },
  en: { subject: en[0], text: `Hello,\n\n${en[1]}` },
});

export function credentialText(notice: CredentialNotice): BilingualText {
  switch (notice.kind) {
    case 'password_changed':
      return text(
        ['Votre mot de passe a changé', `Le mot de passe de votre compte vient d'être changé.${NOT_YOU.fr}`],
        ['Your password has changed', `The password of your account has just been changed.${NOT_YOU.en}`],
      );
    case 'factor_replaced':
      return text(
        [
          "Votre application d'authentification a changé",
          `Une autre application d'authentification remplace la précédente, et vous avez dix nouveaux codes de secours.${NOT_YOU.fr}`,
        ],
        [
          'Your authenticator has changed',
          `Another authenticator has taken the place of the one before, and you have ten new recovery codes.${NOT_YOU.en}`,
        ],
      );
    case 'recovery_codes_renewed':
      return text(
        [
          'Vos codes de secours ont changé',
          `Dix nouveaux codes de secours remplacent les précédents.${NOT_YOU.fr}`,
        ],
        [
          'Your recovery codes have changed',
          `Ten new recovery codes have taken the place of those before.${NOT_YOU.en}`,
        ],
      );
    case 'address_changed':
      return text(
        [
          'Votre adresse électronique a changé',
          `L'adresse de votre compte vient d'être changée ; ce message est envoyé à l'ancienne et à la nouvelle.${NOT_YOU.fr}`,
        ],
        [
          'Your e-mail address has changed',
          `The address of your account has just been changed; this message goes to the old one and the new one.${NOT_YOU.en}`,
        ],
      );
    case 'address_change_asked':
      return text(
        [
          "Confirmez le changement d'adresse",
          `Vous, ou quelqu'un qui utilise votre session, voulez changer l'adresse de votre compte. Pour l'accepter, indiquez ce code à votre application dans les 24 heures :\n\n${notice.token}\n\nSi ce n'était pas vous, n'en faites rien et changez votre mot de passe.`,
        ],
        [
          'Confirm the change of address',
          `You, or somebody who uses your session, want to change the address of your account. To accept it, give this code to your program within 24 hours:\n\n${notice.token}\n\nIf it was not you, do nothing with it and change your password.`,
        ],
      );
    case 'confirm_new_address':
      return text(
        [
          'Confirmez votre nouvelle adresse',
          `Pour utiliser cette adresse avec votre compte, indiquez ce code à votre application dans les 24 heures :\n\n${notice.token}\n\nSi vous n'avez rien demandé, ignorez ce message.`,
        ],
        [
          'Confirm your new address',
          `To use this address with your account, give this code to your program within 24 hours:\n\n${notice.token}\n\nIf you did not ask for this, ignore this message.`,
        ],
      );
    case 'password_reset_asked':
      return text(
        [
          'Choisissez un nouveau mot de passe',
          `Pour choisir un nouveau mot de passe, indiquez ce code à votre application dans les 30 minutes :\n\n${notice.token}\n\nVotre application d'authentification ou un code de secours sera aussi demandé. Si vous n'avez rien demandé, ignorez ce message.`,
        ],
        [
          'Choose a new password',
          `To choose a new password, give this code to your program within 30 minutes:\n\n${notice.token}\n\nYour authenticator or a recovery code will be asked for too. If you did not ask for this, ignore this message.`,
        ],
      );
  }
}
