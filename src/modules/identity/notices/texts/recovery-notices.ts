import type { BilingualText } from './text.js';

/** About getting back into an account without anything that it was opened with. */
export type RecoveryNotice =
  | {
      readonly kind: 'recovery_asked';
      /** By which an operator finds it. */
      readonly reference: string;
      readonly hours: number;
      readonly token: string;
    }
  | { readonly kind: 'recovery_approved'; readonly hours: number; readonly token: string }
  | { readonly kind: 'recovery_ready'; readonly token: string }
  | { readonly kind: 'recovery_refused' | 'recovery_completed' };

export function recoveryText(notice: RecoveryNotice): BilingualText {
  switch (notice.kind) {
    case 'recovery_asked':
      return {
        fr: {
          subject: 'Récupération de votre compte demandée',
          text: `Bonjour,\n\nQuelqu'un a demandé à retrouver votre compte sans mot de passe ni second facteur. Rien ne change pour l'instant : un membre de l'exploitation doit d'abord l'approuver, puis ${notice.hours} heures doivent passer.\n\nSi c'est vous, prenez contact avec l'exploitation et donnez cette référence : ${notice.reference}\n\nSi ce n'est pas vous, connectez-vous, ou indiquez ce code à votre application pour tout arrêter :\n\n${notice.token}`,
        },
        en: {
          subject: 'Recovery of your account asked for',
          text: `Hello,\n\nSomebody has asked to recover your account without password and second factor. Nothing changes for now: an operator has to approve it first, and then ${notice.hours} hours have to pass.\n\nIf it was you, get in touch with the operators and give them this reference: ${notice.reference}\n\nIf it was not you, sign in, or give this code to your program to stop it:\n\n${notice.token}`,
        },
      };
    case 'recovery_approved':
      return {
        fr: {
          subject: 'Récupération de votre compte approuvée',
          text: `Bonjour,\n\nLa récupération de votre compte a été approuvée. Dans ${notice.hours} heures, un code pour choisir un nouveau mot de passe et un nouveau second facteur sera envoyé à cette adresse.\n\nSi vous n'avez rien demandé, connectez-vous, ou indiquez ce code à votre application pour tout arrêter :\n\n${notice.token}`,
        },
        en: {
          subject: 'Recovery of your account approved',
          text: `Hello,\n\nThe recovery of your account was approved. In ${notice.hours} hours a code to choose a new password and a new second factor will be mailed to this address.\n\nIf you did not ask for this, sign in, or give this code to your program to stop it:\n\n${notice.token}`,
        },
      };
    case 'recovery_ready':
      return {
        fr: {
          subject: 'Retrouvez votre compte',
          text: `Bonjour,\n\nPour choisir un nouveau mot de passe et enregistrer une nouvelle application d'authentification, indiquez ce code à votre application dans les 24 heures :\n\n${notice.token}\n\nSi vous n'avez rien demandé, ne le donnez à personne et connectez-vous : tout sera arrêté.`,
        },
        en: {
          subject: 'Recover your account',
          text: `Hello,\n\nTo choose a new password and enrol a new authenticator, give this code to your program within 24 hours:\n\n${notice.token}\n\nIf you did not ask for this, give it to nobody and sign in: that stops it.`,
        },
      };
    case 'recovery_refused':
      return {
        fr: {
          subject: 'Récupération de votre compte refusée',
          text: "Bonjour,\n\nLa récupération de votre compte a été refusée par l'exploitation. Votre compte reste tel qu'il était.",
        },
        en: {
          subject: 'Recovery of your account refused',
          text: 'Hello,\n\nThe operators have refused the recovery of your account. It stays as it was.',
        },
      };
    case 'recovery_completed':
      return {
        fr: {
          subject: 'Votre compte a été retrouvé',
          text: "Bonjour,\n\nUn nouveau mot de passe vient d'être choisi pour votre compte. L'application d'authentification, les codes de secours, les clés d'accès et les identités rattachées d'avant ne valent plus rien, et toutes vos sessions sont closes.\n\nSi ce n'était pas vous, prenez contact avec l'exploitation sans attendre.",
        },
        en: {
          subject: 'Your account was recovered',
          text: 'Hello,\n\nA new password has just been chosen for your account. The authenticator, recovery codes, passkeys and linked identities that it had are good for nothing any more, and all your sessions are ended.\n\nIf it was not you, get in touch with the operators at once.',
        },
      };
  }
}
