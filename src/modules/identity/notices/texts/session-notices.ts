import type { BilingualText } from './text.js';

/** About where a person is signed in. */
export interface SessionNotice {
  readonly kind: 'signed_in_elsewhere' | 'sessions_ended';
}

export function sessionText({ kind }: SessionNotice): BilingualText {
  switch (kind) {
    case 'signed_in_elsewhere':
      return {
        fr: {
          subject: "Connexion depuis un réseau que vous n'utilisiez pas",
          text: "Bonjour,\n\nUne session vient d'être ouverte sur votre compte depuis un réseau d'où personne ne s'y était connecté ces derniers mois. Vos sessions ouvertes et l'historique de votre compte disent laquelle.\n\nSi ce n'était pas vous, mettez fin à vos sessions et changez tout de suite votre mot de passe.",
        },
        en: {
          subject: 'A sign-in from a network that is new to this account',
          text: 'Hello,\n\nA session has just been opened from a network that nobody has used with this account in recent months. The list of open sessions and the history of accesses show which.\n\nIf it was not you, end all sessions and change the password at once.',
        },
      };
    case 'sessions_ended':
      return {
        fr: {
          subject: 'Toutes vos sessions ont pris fin',
          text: "Bonjour,\n\nPar précaution, un opérateur a mis fin à toutes les sessions de votre compte. Les codes reçus par courriel ne sont plus valables. Reconnectez-vous quand vous le souhaitez ; votre mot de passe et votre application d'authentification n'ont pas changé.",
        },
        en: {
          subject: 'All your sessions have ended',
          text: 'Hello,\n\nAs a precaution, an operator has ended every session of your account. Codes that you received by mail are no longer good. Sign in again whenever you like; your password and your authenticator have not changed.',
        },
      };
  }
}
