import type { Bilingual, ErrorCode } from '../../kernel/errors.js';

export interface Problem {
  readonly status: number;
  readonly title: Bilingual;
}

const problem = (status: number, en: string, fr: string): Problem => ({ status, title: { en, fr } });

/** Every failure code with its HTTP status and public title: the one table of the contract's errors. */
export const PROBLEMS = {
  malformed_request: problem(400, 'The request cannot be read.', 'La requête est illisible.'),
  invalid_query: problem(
    400,
    'A query parameter is not valid.',
    "Un paramètre de la requête n'est pas valide.",
  ),
  unknown_member: problem(
    400,
    'The request has members that are not known.',
    'La requête contient des membres inconnus.',
  ),
  invalid_cursor: problem(400, 'The cursor is not one of ours.', "Le curseur n'est pas valide."),
  idempotency_key_missing: problem(
    400,
    'An Idempotency-Key header is required.',
    "L'en-tête Idempotency-Key est obligatoire.",
  ),
  unauthenticated: problem(401, 'Sign in first.', "Connectez-vous d'abord."),
  authentication_failed: problem(
    401,
    'The sign-in details are not right.',
    'Les informations de connexion ne sont pas exactes.',
  ),
  token_refused: problem(401, 'The access token is not accepted.', "Le jeton d'accès n'est pas accepté."),
  step_up_required: problem(
    403,
    'A fresh second factor is required.',
    'Un second facteur récent est nécessaire.',
  ),
  totp_enrolment_required: problem(
    403,
    'Enrol an authenticator first: this session was opened with a recovery code.',
    "Enregistrez d'abord une application d'authentification : cette session a été ouverte avec un code de secours.",
  ),
  forbidden_role: problem(
    403,
    'This account has no access here.',
    "Ce compte n'a pas accès à cette ressource.",
  ),
  forbidden_scope: problem(
    403,
    'The access token lacks the scope needed.',
    "Le jeton d'accès n'a pas la portée nécessaire.",
  ),
  cross_site_request: problem(
    403,
    'The request comes from another site.',
    "La requête provient d'un autre site.",
  ),
  disclosure_refused: problem(
    403,
    'These fields are not released for this purpose now.',
    'Ces données ne sont pas communiquées pour cette finalité à ce stade.',
  ),
  not_found: problem(404, 'There is nothing here.', "Il n'y a rien ici."),
  method_not_allowed: problem(
    405,
    'This method is not allowed here.',
    "Cette méthode n'est pas permise ici.",
  ),
  not_acceptable: problem(
    406,
    'None of the accepted types can be served.',
    'Aucun des types acceptés ne peut être servi.',
  ),
  conflict: problem(
    409,
    'The request conflicts with the current state.',
    "La requête est en conflit avec l'état actuel.",
  ),
  list_full: problem(409, 'The list is full.', 'La liste est pleine.'),
  application_exists: problem(
    409,
    'There is an open application for this vacancy already.',
    'Une candidature est déjà en cours pour cette offre.',
  ),
  reapplication_refused: problem(
    409,
    'You cannot apply for this vacancy again.',
    'Vous ne pouvez pas postuler à nouveau à cette offre.',
  ),
  application_not_editable: problem(
    409,
    'The application can no longer be changed.',
    'La candidature ne peut plus être modifiée.',
  ),
  transition_refused: problem(
    409,
    'The state does not allow this change.',
    "L'état actuel ne permet pas ce changement.",
  ),
  deadline_passed: problem(409, 'The deadline has passed.', 'La date limite est passée.'),
  vacancy_not_open: problem(
    409,
    'The vacancy takes no applications.',
    "L'offre n'accepte pas de candidature.",
  ),
  document_quarantined: problem(
    409,
    'Malware was found in this document, so it is not handed out.',
    "Un logiciel malveillant a été détecté dans ce document : il n'est pas communiqué.",
  ),
  idempotency_in_progress: problem(
    409,
    'The first request with this key is still being answered.',
    'La première requête avec cette clé est encore en cours.',
  ),
  cursor_expired: problem(
    410,
    'The cursor is from before the installation was restored from a backup: begin again without one.',
    "Le curseur est antérieur à la restauration d'une sauvegarde : recommencez sans curseur.",
  ),
  precondition_failed: problem(
    412,
    'The resource has changed since it was read.',
    'La ressource a changé depuis sa lecture.',
  ),
  payload_too_large: problem(413, 'The body is too large.', 'Le corps de la requête est trop volumineux.'),
  unsupported_media_type: problem(
    415,
    'This content type is not supported here.',
    "Ce type de contenu n'est pas accepté ici.",
  ),
  invalid_request: problem(422, 'Some members are not valid.', 'Certains champs ne sont pas valides.'),
  application_incomplete: problem(
    422,
    'The application is not complete.',
    "La candidature n'est pas complète.",
  ),
  profile_incomplete: problem(422, 'The profile is not complete.', "Le profil n'est pas complet."),
  document_infected: problem(
    422,
    'Malware was found in the file, and nothing of it was kept.',
    "Un logiciel malveillant a été détecté dans le fichier : rien n'en a été conservé.",
  ),
  password_refused: problem(
    422,
    'This password cannot be used.',
    'Ce mot de passe ne peut pas être utilisé.',
  ),
  idempotency_key_reused: problem(
    422,
    'This Idempotency-Key was used for another request.',
    'Cette clé Idempotency-Key a servi pour une autre requête.',
  ),
  precondition_required: problem(
    428,
    'An If-Match header is required.',
    "L'en-tête If-Match est obligatoire.",
  ),
  disclosure_budget_spent: problem(
    429,
    'The disclosure budget is spent.',
    'Le quota de communications est épuisé.',
  ),
  too_many_requests: problem(429, 'Too many requests.', 'Trop de requêtes.'),
  sealed_value_unreadable: problem(
    500,
    'A stored value cannot be read.',
    'Une donnée conservée est illisible.',
  ),
  internal_error: problem(
    500,
    'Something went wrong on our side.',
    "Une erreur s'est produite de notre côté.",
  ),
  ledger_unavailable: problem(
    503,
    'The access log cannot be written, so nothing is released.',
    "Le journal d'accès est indisponible : rien n'est communiqué.",
  ),
  witnesses_unreachable: problem(
    503,
    'No place outside has taken the ledger’s checkpoints for hours, so the ledger is not handed out.',
    'Aucun dépôt externe ne reçoit les points de contrôle du journal depuis des heures : le journal n’est pas exporté.',
  ),
  keys_unavailable: problem(503, 'The key service cannot be reached.', 'Le service de clés est injoignable.'),
  scanner_unavailable: problem(
    503,
    'Files cannot be checked for malware at the moment, so none is taken or handed out.',
    "La recherche de logiciels malveillants est indisponible : aucun fichier n'est accepté ni communiqué.",
  ),
  service_unavailable: problem(
    503,
    'The service is not available at the moment.',
    'Le service est momentanément indisponible.',
  ),
} as const satisfies Record<ErrorCode, Problem>;

/** Codes of single members in `errors`, each with its sentence. */
export const FIELD_PROBLEMS = {
  required: { en: 'This member is required.', fr: 'Ce champ est obligatoire.' },
  type: { en: 'This member has the wrong type.', fr: "Ce champ n'a pas le bon type." },
  too_short: { en: 'This member is too short.', fr: 'Ce champ est trop court.' },
  too_long: { en: 'This member is too long.', fr: 'Ce champ est trop long.' },
  too_small: { en: 'This number is too small.', fr: 'Ce nombre est trop petit.' },
  too_large: { en: 'This number is too large.', fr: 'Ce nombre est trop grand.' },
  too_few: { en: 'This list has too few entries.', fr: "Cette liste a trop peu d'éléments." },
  too_many: { en: 'This list has too many entries.', fr: "Cette liste a trop d'éléments." },
  repeated: {
    en: 'This list has the same entry twice.',
    fr: 'Cette liste contient deux fois le même élément.',
  },
  not_allowed: {
    en: 'This is not one of the allowed values.',
    fr: "Cette valeur n'est pas dans la liste permise.",
  },
  format: { en: 'This member does not have the expected format.', fr: "Ce champ n'a pas le format attendu." },
  unknown: { en: 'This member is not known.', fr: "Ce champ n'est pas connu." },
  invalid: { en: 'This member is not valid.', fr: "Ce champ n'est pas valide." },
} as const satisfies Record<string, Bilingual>;

export type FieldProblem = keyof typeof FIELD_PROBLEMS;

const limited =
  (en: string, fr: string) =>
  (limit: number): Bilingual => ({
    en: en.replace('#', String(limit)),
    fr: fr.replace('#', String(limit)),
  });

/** What is said instead where the rule has a number that helps. */
export const FIELD_LIMITS: Partial<Record<FieldProblem, (limit: number) => Bilingual>> = {
  too_short: limited(
    'This member is too short: # characters at least.',
    'Ce champ est trop court : au moins # caractères.',
  ),
  too_long: limited(
    'This member is too long: # characters at most.',
    'Ce champ est trop long : au plus # caractères.',
  ),
  too_small: limited('This number is too small: # at least.', 'Ce nombre est trop petit : au moins #.'),
  too_large: limited('This number is too large: # at most.', 'Ce nombre est trop grand : au plus #.'),
  too_few: limited(
    'This list is too short: # entries at least.',
    'Cette liste est trop courte : au moins # éléments.',
  ),
  too_many: limited(
    'This list is too long: # entries at most.',
    'Cette liste est trop longue : au plus # éléments.',
  ),
};
