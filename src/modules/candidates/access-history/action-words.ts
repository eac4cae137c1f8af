import type { Bilingual } from '../../../kernel/errors.js';
import type { Action } from '../../../ledger/index.js';

/** How a sentence goes on after whoever acted. */
export interface ActionWords {
  /** What was done, up to what it was done to. */
  readonly done: Bilingual;
  /** The same when it was refused or failed. */
  readonly tried: Bilingual;
  /** What it was done to where no field is named; without one, the verb says all. */
  readonly whole?: Bilingual;
  /** Whether `whole` is the application itself. */
  readonly isOfApplication?: boolean;
  /** Whether data was to be given: a refusal then says that none was. */
  readonly isReading?: boolean;
}

const words = (en: string, fr: string): Bilingual => ({ en, fr });
/** Something that has no object and whose refusal reads like itself. */
const happened = (en: string, fr: string): ActionWords => ({ done: words(en, fr), tried: words(en, fr) });

const READ = {
  done: words('read', 'a lu'),
  tried: words('asked to read', 'a demandé à lire'),
  isReading: true,
};
const CHANGED = {
  done: words('changed', 'a modifié'),
  tried: words('tried to change', 'a tenté de modifier'),
};
const PROFILE = words('your profile', 'votre profil');
const DOCUMENT = words('a document of yours', 'l’un de vos documents');
const APPLICATION = { whole: words('your application', 'votre candidature'), isOfApplication: true };

const onApplication = (done: Bilingual, tried: Bilingual): ActionWords => ({ done, tried, ...APPLICATION });

/** A change of what somebody signs in with. */
const onCredential = (en: string, fr: string): ActionWords => ({
  done: words(`changed ${en}`, `a changé ${fr}`),
  tried: words(`tried in vain to change ${en}`, `a tenté sans succès de changer ${fr}`),
});

/** What can happen to somebody's data or account, said to that person. Anything else is told in the vocabulary's words. */
export const ACTION_WORDS: Readonly<Partial<Record<Action, ActionWords>>> = {
  'account.registered': happened('asked for your account', 'a demandé la création de votre compte'),
  'account.confirmed': happened('confirmed your e-mail address', 'a confirmé votre adresse électronique'),
  'totp.offered': happened(
    'asked for the secret of an authenticator for your account',
    'a demandé le secret d’une application d’authentification pour votre compte',
  ),
  'totp.enrolled': {
    done: words(
      'enrolled an authenticator for your account',
      'a enregistré une application d’authentification pour votre compte',
    ),
    tried: words(
      'tried in vain to enrol an authenticator for your account',
      'a tenté sans succès d’enregistrer une application d’authentification pour votre compte',
    ),
  },
  'session.created': happened('opened a session', 'a ouvert une session'),
  'session.refused': happened(
    'tried in vain to sign in to your account',
    'a tenté sans succès de se connecter à votre compte',
  ),
  'session.turned_away': happened(
    'tried to sign in to your account too many times and was turned away',
    'a tenté trop de fois de se connecter à votre compte et a été refusé',
  ),
  'session.stepped_up': happened('gave a fresh second factor', 'a présenté un second facteur'),
  'recovery_code.used': happened('used a recovery code', 'a utilisé un code de secours'),
  'federation.recognised': happened(
    'was recognised by FranceConnect as you',
    'a été reconnu par FranceConnect comme étant vous',
  ),
  'federation.linked': happened(
    'linked your FranceConnect identity to your account',
    'a rattaché votre identité FranceConnect à votre compte',
  ),
  'federation.unlinked': happened(
    'unlinked your FranceConnect identity from your account',
    'a détaché votre identité FranceConnect de votre compte',
  ),
  'passkey.added': {
    done: words('added a passkey to your account', "a ajouté une clé d'accès à votre compte"),
    tried: words(
      'tried in vain to add a passkey to your account',
      "a tenté sans succès d'ajouter une clé d'accès à votre compte",
    ),
  },
  'passkey.renamed': happened(
    'renamed a passkey of your account',
    "a renommé une clé d'accès de votre compte",
  ),
  'passkey.removed': happened(
    'removed a passkey of your account',
    "a supprimé une clé d'accès de votre compte",
  ),
  'passkey.counter_regressed': happened(
    'presented what looks like a copy of a passkey of your account',
    "a présenté ce qui ressemble à la copie d'une clé d'accès de votre compte",
  ),
  'session.ended': happened('ended one or more sessions', 'a mis fin à une ou plusieurs sessions'),
  'session.terminated': happened(
    'ended all your sessions as a precaution',
    'a mis fin à toutes vos sessions par précaution',
  ),
  'account.locale_changed': happened(
    'changed the language of your mails',
    'a changé la langue de vos courriels',
  ),
  'password.changed': onCredential('your password', 'votre mot de passe'),
  'password.reset_asked': happened(
    'asked for a new password by mail',
    'a demandé un nouveau mot de passe par courriel',
  ),
  'password.reset': onCredential('your password, by mail', 'votre mot de passe, par courriel'),
  'recovery.asked': happened(
    'asked to recover your account without any factor',
    'a demandé à retrouver votre compte sans aucun facteur',
  ),
  'recovery.approved': happened(
    'approved the recovery of your account',
    'a approuvé la récupération de votre compte',
  ),
  'recovery.refused': happened(
    'refused the recovery of your account',
    'a refusé la récupération de votre compte',
  ),
  'recovery.stopped': happened(
    'stopped the recovery of your account',
    'a arrêté la récupération de votre compte',
  ),
  'recovery.expired': happened(
    'ended the recovery of your account, whose time was over',
    'a clos la récupération de votre compte, dont le délai était passé',
  ),
  'recovery.ready': happened(
    'mailed you the token that recovers your account',
    'vous a envoyé le code qui permet de retrouver votre compte',
  ),
  'recovery.completed': happened(
    'recovered your account without any factor',
    'a retrouvé votre compte sans aucun facteur',
  ),
  'totp.replaced': onCredential('your authenticator', 'votre application d’authentification'),
  'recovery_codes.renewed': onCredential('your recovery codes', 'vos codes de secours'),
  'address.change_asked': happened(
    'asked to change your e-mail address',
    'a demandé à changer votre adresse électronique',
  ),
  'address.confirmed': happened(
    'confirmed one of your two e-mail addresses',
    'a confirmé l’une de vos deux adresses électroniques',
  ),
  'address.changed': onCredential('your e-mail address', 'votre adresse électronique'),
  'account.expired': happened(
    'deleted your account, whose address was never confirmed',
    'a supprimé votre compte, dont l’adresse n’avait pas été confirmée',
  ),
  'candidate.diversity_read': READ,
  'candidate.diversity_changed': CHANGED,
  'diversity.counted': happened(
    'counted, without showing them to anybody,',
    'a compté, sans les montrer à personne,',
  ),
  'candidate.profile_read': { ...READ, whole: PROFILE },
  'candidate.profile_changed': { ...CHANGED, whole: PROFILE },
  'candidate.application_read': { ...READ, ...APPLICATION },
  'candidate.erased': happened('erased everything about you', 'a effacé toutes vos données'),
  'candidate.exported': happened('exported everything about you', 'a exporté toutes vos données'),
  'candidate.looked_up': happened(
    'looked for your account, for a request to erase it',
    'a recherché votre compte, pour une demande d’effacement',
  ),
  'consent.read': { ...READ, whole: words('your consents', 'vos consentements') },
  'consent.decided': { ...CHANGED, whole: words('your consents', 'vos consentements') },
  'incident.notified': happened(
    'told you of an incident that affected your data',
    'vous a informé d’un incident qui a touché vos données',
  ),
  'access_history.read': happened(
    'read the history of accesses to your data',
    'a consulté l’historique des accès à vos données',
  ),
  'application.created': onApplication(
    words('began', 'a commencé'),
    words('tried to begin', 'a tenté de commencer'),
  ),
  'application.changed': onApplication(CHANGED.done, CHANGED.tried),
  'application.deleted': onApplication(
    words('deleted the draft of', 'a supprimé le brouillon de'),
    words('tried to delete the draft of', 'a tenté de supprimer le brouillon de'),
  ),
  'application.submitted': onApplication(
    words('submitted', 'a déposé'),
    words('tried to submit', 'a tenté de déposer'),
  ),
  'application.withdrawn': onApplication(
    words('withdrew', 'a retiré'),
    words('tried to withdraw', 'a tenté de retirer'),
  ),
  'application.transitioned': onApplication(
    words('moved on', 'a fait avancer'),
    words('tried to move on', 'a tenté de faire avancer'),
  ),
  'application.disclosed': { ...READ, ...APPLICATION },
  'document.uploaded': {
    done: words('uploaded', 'a déposé'),
    tried: words('tried to upload', 'a tenté de déposer'),
    whole: DOCUMENT,
  },
  'document.listed': { ...READ, done: words('listed', 'a listé') },
  'document.read': { ...READ, done: words('downloaded', 'a téléchargé') },
  'document.deleted': {
    done: words('deleted', 'a supprimé'),
    tried: words('tried to delete', 'a tenté de supprimer'),
    whole: DOCUMENT,
  },
  'document.disclosed': { ...READ, ...APPLICATION },
  'document.infected': happened(
    'found malware in a file of yours, which was not kept',
    'a détecté un logiciel malveillant dans l’un de vos fichiers, qui n’a pas été conservé',
  ),
  'document.quarantined': happened(
    'found malware in a document of yours, which is locked away',
    'a détecté un logiciel malveillant dans l’un de vos documents, mis en quarantaine',
  ),
  'disclosure.budget_spent': {
    ...APPLICATION,
    done: words('asked, beyond its budget, to read', 'a demandé, au-delà de son quota, à lire'),
    tried: words('asked, beyond its budget, to read', 'a demandé, au-delà de son quota, à lire'),
    isReading: true,
  },
  'answer.replayed': happened(
    'was given again an answer it had been given before',
    'a reçu à nouveau une réponse déjà communiquée',
  ),
};
