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
  'session.terminated': action(
    'account',
    'ended every session of a person',
    "a mis fin à toutes les sessions d'une personne",
    'warning',
  ),
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
  'recovery.asked': action(
    'account',
    'asked to recover an account without any factor',
    'a demandé à retrouver un compte sans aucun facteur',
  ),
  'recovery.approved': action(
    'account',
    'approved the recovery of an account',
    "a approuvé la récupération d'un compte",
    'warning',
  ),
  'recovery.refused': action(
    'account',
    'refused the recovery of an account',
    "a refusé la récupération d'un compte",
  ),
  'recovery.stopped': action(
    'account',
    'stopped the recovery of an account',
    "a arrêté la récupération d'un compte",
  ),
  'recovery.expired': action(
    'account',
    'ended the recovery of an account whose time was over',
    "a clos la récupération d'un compte dont le délai était passé",
  ),
  'recovery.ready': action(
    'account',
    'mailed the token that recovers an account',
    'a envoyé le code qui permet de retrouver un compte',
  ),
  'recovery.completed': action(
    'account',
    'recovered an account without any factor',
    'a retrouvé un compte sans aucun facteur',
    'warning',
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
  'account.locale_changed': action(
    'account',
    'changed the language of the mails',
    'a changé la langue des courriels',
  ),
  'staff.invited': action('account', 'invited a member of staff', 'a invité un membre du personnel'),
  'passkey.added': action('account', 'added a passkey', "a ajouté une clé d'accès"),
  'passkey.renamed': action('account', 'renamed a passkey', "a renommé une clé d'accès"),
  'passkey.removed': action('account', 'removed a passkey', "a supprimé une clé d'accès"),
  'passkey.counter_regressed': action(
    'account',
    'was refused with a passkey whose counter went back, as that of a copy does',
    "s'est vu refuser une clé d'accès dont le compteur a reculé, comme celui d'une copie",
    'critical',
  ),
  'federation.recognised': action(
    'account',
    'was recognised by an identity provider',
    "a été reconnu par un fournisseur d'identité",
  ),
  'federation.refused': action(
    'account',
    'came back from an identity provider in vain',
    "est revenu sans succès d'un fournisseur d'identité",
  ),
  'federation.linked': action(
    'account',
    'linked an identity of a provider',
    "a rattaché une identité d'un fournisseur",
  ),
  'federation.unlinked': action(
    'account',
    'unlinked an identity of a provider',
    "a détaché une identité d'un fournisseur",
  ),
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
