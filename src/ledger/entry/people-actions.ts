import { action, type ActionMeaning } from './action.js';

/** What people do with their accounts, and what is done with them. */
export const PEOPLE_ACTIONS = {
  'account.registered': action('account', 'asked for an account', 'a demandé un compte'),
  'account.confirmed': action('account', 'confirmed the e-mail address', "a confirmé l'adresse électronique"),
  'totp.enrolled': action(
    'account',
    'enrolled an authenticator',
    'a enregistré une application d’authentification',
  ),
  'session.created': action('session', 'signed in', "s'est connecté"),
  'session.refused': action('account', 'failed to sign in', 'a échoué à se connecter'),
  'session.turned_away': action(
    'account',
    'was turned away after too many attempts to sign in',
    'a été refusé après trop de tentatives de connexion',
    'warning',
  ),
  'request.turned_away': action(
    'account',
    'was turned away after too many requests',
    'a été refusé après trop de requêtes',
  ),
  'sign_in.stuffing_suspected': action(
    'account',
    'saw unusually many refused sign-ins from unknown networks',
    'a constaté un nombre anormal de connexions refusées depuis des réseaux inconnus',
    'critical',
  ),
  'session.ended': action('session', 'ended a session', 'a mis fin à une session'),
  'session.stepped_up': action('session', 'gave a fresh second factor', 'a présenté un second facteur'),
  'recovery_code.used': action('account', 'used a recovery code', 'a utilisé un code de secours'),
  'password.changed': action('account', 'changed the password', 'a changé le mot de passe'),
  'staff.invited': action('account', 'invited a member of staff', 'a invité un membre du personnel'),
  'staff.created': action('account', 'created a staff account', 'a créé un compte interne'),
} as const satisfies Record<string, ActionMeaning>;
