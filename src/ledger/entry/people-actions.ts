import { action, type ActionMeaning } from './action.js';

/** What people do with their accounts, and what is done with them. */
export const PEOPLE_ACTIONS = {
  'account.registered': action('account', 'asked for an account', 'a demandé un compte'),
  'account.confirmed': action('account', 'confirmed the e-mail address', "a confirmé l'adresse électronique"),
  'totp.offered': action(
    'account',
    'asked for an authenticator’s secret',
    'a demandé le secret d’une application d’authentification',
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
  'staff.invited': action('account', 'invited a member of staff', 'a invité un membre du personnel'),
  'staff.accepted': action('account', 'accepted an invitation', 'a accepté une invitation'),
  'staff.listed': action('account', 'listed members of staff', 'a listé les membres du personnel'),
  'staff.suspended': action(
    'account',
    'suspended a member of staff',
    'a suspendu un membre du personnel',
    'warning',
  ),
  'staff.resumed': action(
    'account',
    'lifted the suspension of a member of staff',
    "a levé la suspension d'un membre du personnel",
    'warning',
  ),
  'staff.removed': action(
    'account',
    'removed a member of staff',
    'a retiré un membre du personnel',
    'warning',
  ),
} as const satisfies Record<string, ActionMeaning>;
