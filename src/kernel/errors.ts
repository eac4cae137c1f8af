/** Every failure the product can answer with. Stable: clients switch on these. */
export const ERROR_CODES = [
  'malformed_request',
  'invalid_request',
  'invalid_query',
  'invalid_cursor',
  'cursor_expired',
  'unknown_member',
  'unauthenticated',
  'authentication_failed',
  'token_refused',
  'step_up_required',
  'totp_enrolment_required',
  'forbidden_role',
  'forbidden_scope',
  'cross_site_request',
  'not_found',
  'method_not_allowed',
  'not_acceptable',
  'conflict',
  'list_full',
  'application_exists',
  'reapplication_refused',
  'transition_refused',
  'deadline_passed',
  'vacancy_not_open',
  'application_incomplete',
  'application_not_editable',
  'profile_incomplete',
  'document_infected',
  'document_quarantined',
  'password_refused',
  'idempotency_key_missing',
  'idempotency_key_reused',
  'idempotency_in_progress',
  'precondition_failed',
  'precondition_required',
  'payload_too_large',
  'unsupported_media_type',
  'disclosure_refused',
  'disclosure_budget_spent',
  'too_many_requests',
  'sealed_value_unreadable',
  'ledger_unavailable',
  'witnesses_unreachable',
  'keys_unavailable',
  'scanner_unavailable',
  'service_unavailable',
  'internal_error',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A sentence for people, in the languages the product speaks. */
export interface Bilingual {
  readonly en: string;
  readonly fr: string;
}

/** One gap or mistake in a request, addressed by JSON Pointer (RFC 6901). Never carries the offending value. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string | Bilingual;
}

export interface FailureOptions {
  /** What the caller may read. Without it the code's own public text is used. */
  readonly detail?: string | Bilingual;
  /** What only the operators' log may hold. Must not contain personal data or secrets either. */
  readonly privateDetail?: string;
  readonly fields?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * The code that Node or a driver has put on an error (`ENOENT`, `23505`), if any.
 * Asked by shape: an error of another realm is no `instanceof Error` here.
 */
export function systemCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** An expected failure: a stable code, a public text and a private detail kept apart, the cause kept. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: ErrorCode;
  readonly detail: string | Bilingual | undefined;
  readonly privateDetail: string | undefined;
  readonly fields: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, options: FailureOptions = {}) {
    super(options.privateDetail ? `${code}: ${options.privateDetail}` : code, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.privateDetail = options.privateDetail;
    this.fields = options.fields ?? [];
    this.headers = options.headers ?? {};
  }
}
