import { action, type ActionMeaning } from './action.js';

/** What people do with their accounts, and what is done with them. */
export const PEOPLE_ACTIONS = {
  'account.registered': action('account', 'asked for an account', 'a demandé un compte'),
  'account.confirmed': action('account', 'confirmed the e-mail address', "a confirmé l'adresse électronique"),
  'account.expired': action(
    'account',
    'deleted an account whose address nobody had confirmed',
    "a supprimé un compte dont l'adresse n'avait pas été confirmée",
  ),
  'totp.enrolled': action(
    'account',
    'enrolled an authenticator',
    'a enregistré une application d’authentification',
  ),
  'session.created': action('session', 'signed in', "s'est connecté"),
  'session.refused': action('account', 'failed to sign in', 'a échoué à se connecter'),
  'session.ended': action('session', 'ended a session', 'a mis fin à une session'),
  'session.stepped_up': action('session', 'gave a fresh second factor', 'a présenté un second facteur'),
  'recovery_code.used': action('account', 'used a recovery code', 'a utilisé un code de secours'),
  'password.changed': action('account', 'changed the password', 'a changé le mot de passe'),
  'password.reset_asked': action(
    'account',
    'asked for a new password by mail',
    'a demandé un nouveau mot de passe par courriel',
  ),
  'password.reset': action(
    'account',
    'chose a new password by mail',
    'a choisi un nouveau mot de passe par courriel',
  ),
  'address.change_asked': action(
    'account',
    'asked to change the e-mail address',
    "a demandé à changer d'adresse électronique",
  ),
  'address.confirmed': action(
    'account',
    'confirmed one of the two e-mail addresses',
    "a confirmé l'une des deux adresses électroniques",
  ),
  'address.changed': action('account', 'changed the e-mail address', "a changé l'adresse électronique"),
  'totp.replaced': action(
    'account',
    'replaced the authenticator',
    'a remplacé l’application d’authentification',
  ),
  'recovery_codes.renewed': action(
    'account',
    'renewed the recovery codes',
    'a renouvelé les codes de secours',
  ),
  'staff.invited': action('account', 'invited a member of staff', 'a invité un membre du personnel'),
  'staff.created': action('account', 'created a staff account', 'a créé un compte interne'),
} as const satisfies Record<string, ActionMeaning>;
