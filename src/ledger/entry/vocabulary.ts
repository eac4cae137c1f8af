import type { Locale } from '../../kernel/context.js';
import { action, type ActionMeaning } from './action.js';
import { DOCUMENT_ACTIONS } from './document-actions.js';
import { INCIDENT_ACTIONS } from './incident-actions.js';
import { PEOPLE_ACTIONS } from './people-actions.js';
import { WEBHOOK_ACTIONS } from './webhook-actions.js';

/** Everything that is ever recorded. The vocabulary is closed: an action that is not here does not compile. */
export const VOCABULARY = {
  ...PEOPLE_ACTIONS,
  ...WEBHOOK_ACTIONS,
  ...DOCUMENT_ACTIONS,
  ...INCIDENT_ACTIONS,
  'candidate.profile_read': action('profile', 'read the profile', 'a consulté le profil'),
  'candidate.profile_changed': action('profile', 'changed the profile', 'a modifié le profil'),
  'candidate.diversity_read': action(
    'profile',
    'read the answers for equality',
    'a consulté les réponses pour l’égalité',
  ),
  'candidate.diversity_changed': action(
    'profile',
    'changed the answers for equality',
    'a modifié les réponses pour l’égalité',
  ),
  'diversity.figures_read': action(
    'vacancy',
    'asked for a vacancy’s equality figures',
    'a demandé les chiffres d’égalité d’une offre',
  ),
  'diversity.counted': action(
    'vacancy',
    'counted the applicants’ answers for equality',
    'a compté les réponses des candidats pour l’égalité',
  ),
  'candidate.application_read': action('application', 'read the application', 'a consulté la candidature'),
  'candidate.erased': action(
    'subject',
    'erased everything about the candidate',
    'a effacé toutes les données du candidat',
  ),
  'candidate.exported': action(
    'subject',
    'exported everything held about the candidate',
    'a exporté toutes les données du candidat',
  ),
  'candidate.looked_up': action(
    'subject',
    'looked for a candidate to erase',
    'a recherché un candidat à effacer',
    'warning',
  ),
  'consent.read': action('subject', 'read the consents', 'a consulté les consentements'),
  'consent.decided': action('subject', 'decided about consents', 'a modifié les consentements'),
  'key.master_rotated': action(
    'key',
    'made a new version of the master key',
    'a créé une version de la clé maîtresse',
  ),
  'key.rewrapped': action('key', 'wrapped keys again', 'a chiffré à nouveau des clés'),
  'key.master_retired': action(
    'key',
    'destroyed a version of the master key',
    'a détruit une version de la clé maîtresse',
  ),
  'key.subject_rotated': action('key', 'renewed the key of a subject', "a renouvelé la clé d'une personne"),
  'key.index_rotated': action('key', 'renewed the key of an index', "a renouvelé la clé d'un index"),
  'key.signing_rotated': action(
    'key',
    'renewed the signing key of the authorization server',
    "a renouvelé la clé de signature du serveur d'autorisation",
  ),
  'access_history.read': action('subject', 'read the access history', "a consulté l'historique des accès"),
  'application.created': action('application', 'began an application', 'a commencé une candidature'),
  'application.changed': action('application', 'changed the draft', 'a modifié le brouillon'),
  'application.deleted': action('application', 'deleted the draft', 'a supprimé le brouillon'),
  'application.submitted': action('application', 'submitted the application', 'a déposé la candidature'),
  'application.withdrawn': action('application', 'withdrew the application', 'a retiré la candidature'),
  'application.transitioned': action(
    'application',
    'moved the application on',
    'a fait avancer la candidature',
  ),
  'application.disclosed': action(
    'application',
    'read fields of the application',
    'a lu des données de la candidature',
  ),
  'application.listed': action('application', 'listed applications', 'a listé des candidatures'),
  'vacancy.read': action('vacancy', 'asked for a vacancy', 'a demandé une offre'),
  'vacancy.created': action('vacancy', 'created a vacancy', 'a créé une offre'),
  'vacancy.changed': action('vacancy', 'changed a vacancy', 'a modifié une offre'),
  'vacancy.published': action('vacancy', 'published a vacancy', 'a publié une offre'),
  'vacancy.closed': action('vacancy', 'closed a vacancy', 'a fermé une offre'),
  'vacancy.archived': action('vacancy', 'archived a vacancy', 'a archivé une offre'),
  'agency.created': action('agency', 'created an agency', 'a créé un organisme'),
  'agency.listed': action('agency', 'listed agencies', 'a listé des organismes'),
  'agency.budget_read': action(
    'agency',
    'looked at a disclosure budget',
    'a consulté le quota de communications d’un organisme',
  ),
  'agency.budget_set': action(
    'agency',
    'set a disclosure budget for a limited time',
    'a fixé le quota de communications d’un organisme pour un temps limité',
    'warning',
  ),
  'agency.budget_lifted': action(
    'agency',
    'lifted a disclosure budget that was set',
    'a levé le quota de communications fixé pour un organisme',
  ),
  'client.created': action('client', 'registered a client', 'a enregistré un client'),
  'client.changed': action('client', 'changed a client', 'a modifié un client'),
  'client.keys_replaced': action(
    'client',
    'replaced the keys of a client',
    "a remplacé les clés d'un client",
  ),
  'client.listed': action('client', 'listed clients', 'a listé des clients'),
  'client.suspended': action('client', 'suspended a client', 'a suspendu un client'),
  'client.resumed': action('client', 'lifted a suspension', 'a levé une suspension'),
  'token.issued': action('token', 'got an access token', "a obtenu un jeton d'accès"),
  'token.refused': action('token', 'was refused by the token check', "s'est vu refuser un jeton"),
  'token.revoked': action('token', 'revoked an access token', "a révoqué un jeton d'accès"),
  'usage.read': action('agency', 'read the disclosure budget', 'a consulté le quota de communications'),
  'disclosure.budget_warned': action(
    'agency',
    'came close to the disclosure budget',
    'approche du quota de communications',
    'warning',
  ),
  'disclosure.budget_spent': action(
    'agency',
    'spent the disclosure budget',
    'a épuisé le quota de communications',
    'critical',
  ),
  'canary.disclosed': action(
    'application',
    'read a canary, a candidate whom nobody is and nobody should read',
    'a lu un leurre, un candidat fictif que personne ne devrait lire',
    'critical',
  ),
  'canary.planted': action('vacancy', 'planted canaries', 'a posé des leurres'),
  'canary.listed': action('application', 'listed the canaries', 'a listé les leurres'),
  'mail.undeliverable': action(
    'mail',
    'gave up mails that no server would take',
    'a renoncé à des courriels qu’aucun serveur n’acceptait',
    'warning',
  ),
  'access.unusual': action(
    'client',
    'saw a client read in an unusual way',
    'a constaté les lectures inhabituelles d’un client',
    'critical',
  ),
  'answer.replayed': action(
    'answer',
    'was given a kept answer again',
    'a reçu à nouveau une réponse conservée',
  ),
  'audit.listed': action('entry', 'listed ledger entries', 'a listé des entrées du journal'),
  'audit.entry_read': action('entry', 'read a ledger entry', 'a lu une entrée du journal'),
  'audit.proof_read': action('entry', 'read an entry with its proof', 'a lu une entrée avec sa preuve'),
  'audit.checkpoints_listed': action(
    'checkpoint',
    'listed signed checkpoints',
    'a listé les points de contrôle signés',
  ),
  'audit.consistency_read': action(
    'checkpoint',
    'asked for a consistency proof',
    'a demandé une preuve de cohérence',
  ),
  'security_record.refused': action(
    'security_record',
    'was refused on an altered or outdated security record',
    "s'est vu refuser sur un enregistrement de sécurité altéré ou périmé",
    'critical',
  ),
  'security_record.readmitted': action(
    'security_record',
    'readmitted security records after a restore',
    'a réadmis des enregistrements de sécurité après une restauration',
  ),
  'audit.exported': action('entry', 'exported ledger entries', 'a exporté des entrées du journal'),
  'audit.summary_read': action('entry', 'read counts of the ledger', 'a consulté les comptes du journal'),
  'audit.alerts_listed': action('entry', 'listed the alerts', 'a listé les alertes'),
  'process.started': action('process', 'started', 'a démarré'),
  'process.stopped': action('process', 'stopped', "s'est arrêté"),
  'ledger.writer_registered': action('writer', 'registered a writer', 'a enregistré un rédacteur'),
  'ledger.writer_closed': action('writer', 'closed its stream of entries', "a clos son flux d'entrées"),
  'ledger.writer_gap': action(
    'writer',
    'found a gap in a writer’s entries',
    "a constaté un manque dans les entrées d'un rédacteur",
    'critical',
  ),
  'ledger.entry_forged': action(
    'writer',
    'found entries that no writer of ours has signed',
    "a constaté des entrées qu'aucun de nos rédacteurs n'a signées",
    'critical',
  ),
  'ledger.signing_refused': action(
    'checkpoint',
    'refused to sign over a database that does not continue the tree',
    "a refusé de signer une base qui ne prolonge pas l'arbre",
    'critical',
  ),
  'ledger.tie_altered': action(
    'subject',
    'found that somebody has altered for whom a pseudonym stands',
    "a constaté que quelqu'un a modifié la personne que désigne un pseudonyme",
    'critical',
  ),
  'ledger.epoch_opened': action(
    'checkpoint',
    'opened a new epoch over a database that does not continue the tree',
    "a ouvert une nouvelle époque sur une base qui ne prolonge pas l'arbre",
    'warning',
  ),
  'ledger.verification_failed': action(
    'place',
    'found that the ledger is not as it was written',
    "a constaté que le journal n'est pas tel qu'il a été écrit",
    'critical',
  ),
  'ledger.month_dropped': action(
    'month',
    'dropped the contents of a month whose time was over',
    "a supprimé le contenu d'un mois arrivé à échéance",
  ),
  'ledger.sink_behind': action(
    'sink',
    'found a place outside that does not take checkpoints',
    "a constaté qu'un dépôt externe ne reçoit plus les points de contrôle",
    'warning',
  ),
  'ledger.sink_objected': action(
    'sink',
    'was told by a place outside that the ledger does not continue the one it knows',
    "s'est vu refuser un point de contrôle par un dépôt externe",
    'critical',
  ),
  'ledger.sink_recovered': action(
    'sink',
    'saw a place outside take checkpoints again',
    'a constaté qu’un dépôt externe reçoit de nouveau les points de contrôle',
  ),
} as const satisfies Record<string, ActionMeaning>;

export type Action = keyof typeof VOCABULARY;

/** Kept entries may name an action that a later version of the product has no word for any more. */
export const isAction = (name: string): name is Action => Object.hasOwn(VOCABULARY, name);

/** @returns the action in words, or its name when it has none any more */
export const describeAction = (name: string, locale: Locale): string =>
  isAction(name) ? VOCABULARY[name][locale] : name;

export const ACTIONS = Object.keys(VOCABULARY).filter(isAction);

/** What an auditor is shown as an alert. */
export const ALERTS = ACTIONS.filter((name) => VOCABULARY[name].alert !== undefined);

export type Outcome = 'allowed' | 'refused' | 'failed';
export const OUTCOMES = ['allowed', 'refused', 'failed'] as const satisfies readonly Outcome[];

/** Why data is read. */
export type EntryPurpose = 'review' | 'interview' | 'offer' | 'onboarding' | 'own_data';
