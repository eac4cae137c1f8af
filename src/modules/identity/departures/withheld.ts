import type { Bilingual } from '../../../kernel/errors.js';
import type { Withheld } from '../../personal-data/index.js';

const SIGNS_IN: Bilingual = {
  en: 'Whoever had it could sign in as you, or try to. You know it or have it on your own device.',
  fr: 'Qui l’aurait pourrait se connecter à votre place, ou s’y essayer. Vous la connaissez ou l’avez sur votre propre appareil.',
};

/** What is held of an account and handed out to nobody, its owner included. */
export const WITHHELD: readonly Withheld[] = [
  {
    place: 'identity_account.password_hash',
    what: {
      en: 'What your password is checked against (argon2id)',
      fr: 'L’empreinte qui sert à vérifier votre mot de passe (argon2id)',
    },
    why: SIGNS_IN,
  },
  {
    place: 'identity_account.totp_secret',
    what: { en: 'The secret of your authenticator', fr: 'La clé de votre application d’authentification' },
    why: SIGNS_IN,
  },
  {
    place: 'identity_account.recovery_codes',
    what: {
      en: 'Hashes of your recovery codes; how many are left is in account.json',
      fr: 'Les empreintes de vos codes de secours ; leur nombre est dans account.json',
    },
    why: SIGNS_IN,
  },
  {
    place: 'identity_passkey.credential',
    what: {
      en: 'Identifiers and public keys of your passkeys; their names are in passkeys.json',
      fr: 'Les identifiants et clés publiques de vos clés d’accès ; leurs noms sont dans passkeys.json',
    },
    why: {
      en: 'They are made by your device for this service alone, and are of no use elsewhere.',
      fr: 'Votre appareil les a créés pour ce seul service ; ils ne servent à rien ailleurs.',
    },
  },
  {
    place: 'identity_pending_change.change',
    what: {
      en: 'An authenticator that waits for its first code; an address that waits is in account.json',
      fr: 'Une application d’authentification en attente de son premier code ; une adresse en attente est dans account.json',
    },
    why: SIGNS_IN,
  },
  {
    place: 'identity_pending_password.content',
    what: {
      en: 'A password that waits for its confirmation',
      fr: 'Un mot de passe en attente de confirmation',
    },
    why: SIGNS_IN,
  },
  {
    place: 'platform_outgoing_mail.message',
    what: { en: 'Mails to you that are being sent', fr: 'Les courriels en cours d’envoi' },
    why: {
      en: 'They may hold one-time codes. You receive them within minutes, and nothing of them is kept.',
      fr: 'Ils peuvent contenir des codes à usage unique. Vous les recevez sous peu, et rien n’en est conservé.',
    },
  },
];
