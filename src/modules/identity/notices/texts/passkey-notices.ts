import type { BilingualText } from './text.js';

/** About a person's passkeys. */
export interface PasskeyNotice {
  readonly kind: 'passkey_added' | 'passkey_removed' | 'passkey_copied';
}

export function passkeyText({ kind }: PasskeyNotice): BilingualText {
  switch (kind) {
    case 'passkey_added':
      return {
        fr: {
          subject: "Une clé d'accès a été ajoutée",
          text: "Bonjour,\n\nUne clé d'accès vient d'être ajoutée à votre compte : elle peut remplacer le code de votre application d'authentification, jamais votre mot de passe. Vos autres sessions sont closes.\n\nSi ce n'était pas vous, supprimez-la et changez votre mot de passe sans attendre.",
        },
        en: {
          subject: 'A passkey was added',
          text: 'Hello,\n\nA passkey has just been added to your account: it can stand in for the code of your authenticator, never for your password. Your other sessions are ended.\n\nIf it was not you, remove it and change your password at once.',
        },
      };
    case 'passkey_removed':
      return {
        fr: {
          subject: "Une clé d'accès a été supprimée",
          text: "Bonjour,\n\nUne clé d'accès vient d'être supprimée de votre compte. Vos autres sessions sont closes.\n\nSi ce n'était pas vous, changez votre mot de passe sans attendre.",
        },
        en: {
          subject: 'A passkey was removed',
          text: 'Hello,\n\nA passkey has just been removed from your account. Your other sessions are ended.\n\nIf it was not you, change your password at once.',
        },
      };
    case 'passkey_copied':
      return {
        fr: {
          subject: "Une clé d'accès semble avoir été copiée",
          text: "Bonjour,\n\nUne clé d'accès de votre compte vient d'être refusée : son compteur a reculé, comme celui d'une copie. Supprimez cette clé d'accès et changez votre mot de passe.",
        },
        en: {
          subject: 'A passkey seems to have been copied',
          text: 'Hello,\n\nA passkey of your account has just been refused: its counter went back, as that of a copy does. Remove this passkey and change your password.',
        },
      };
  }
}
