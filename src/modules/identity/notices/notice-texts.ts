import type { Locale } from '../../../kernel/context.js';
import { typeset } from '../../../kernel/wording.js';
import { type AccountNotice, accountText } from './texts/account-notices.js';
import { type ApplicationNotice, applicationText } from './texts/application-notices.js';
import { type CredentialNotice, credentialText } from './texts/credential-notices.js';
import { type DocumentNotice, documentText } from './texts/document-notices.js';
import { type ErasureNotice, erasureText } from './texts/erasure-notices.js';
import { type FactorNotice, factorText } from './texts/factor-notices.js';
import { type IncidentNotice, incidentText } from './texts/incident-notices.js';
import { type SessionNotice, sessionText } from './texts/session-notices.js';
import { type RecoveryNotice, recoveryText } from './texts/recovery-notices.js';
import { type StaffNotice, staffText } from './texts/staff-notices.js';
import type { BilingualText, Text } from './texts/text.js';

/** What an account's owner is told by mail. No personal data: the person knows who they are. */
export type Notice =
  | AccountNotice
  | FactorNotice
  | CredentialNotice
  | RecoveryNotice
  | SessionNotice
  | StaffNotice
  | ErasureNotice
  | IncidentNotice
  | ApplicationNotice
  | DocumentNotice;

const SIGNATURE: Readonly<Record<Locale, string>> = {
  fr: '\n\nSceau\nCe message est envoyé automatiquement ; personne ne lit les réponses.\n',
  en: '\n\nSceau\nThis message is sent automatically; nobody reads the replies.\n',
};

/** The mail for a notice, in the owner's language. */
export function textOf(notice: Notice, locale: Locale): Text {
  const { subject, text } = inBoth(notice)[locale];
  const signed = { subject, text: `${text}${SIGNATURE[locale]}` };
  return locale === 'fr' ? { subject: typeset(signed.subject), text: typeset(signed.text) } : signed;
}

function inBoth(notice: Notice): BilingualText {
  switch (notice.kind) {
    case 'confirm_address':
    case 'address_known':
    case 'address_invited':
      return accountText(notice);
    case 'staff_invited':
    case 'staff_suspended':
    case 'staff_resumed':
      return staffText(notice);
    case 'account_erased':
      return erasureText(notice);
    case 'application_changed':
    case 'offer_ending':
      return applicationText(notice);
    case 'document_quarantined':
      return documentText(notice);
    case 'data_exposed':
      return incidentText(notice);
    case 'signed_in_elsewhere':
    case 'sessions_ended':
      return sessionText(notice);
    case 'recovery_asked':
    case 'recovery_approved':
    case 'recovery_ready':
    case 'recovery_refused':
    case 'recovery_completed':
      return recoveryText(notice);
    default:
      return aboutSigningIn(notice);
  }
}

function aboutSigningIn(notice: FactorNotice | CredentialNotice): BilingualText {
  switch (notice.kind) {
    case 'factor_enrolled':
    case 'recovery_code_used':
    case 'passkey_added':
    case 'passkey_removed':
    case 'passkey_copied':
    case 'identity_linked':
    case 'identity_unlinked':
      return factorText(notice);
    case 'password_changed':
    case 'factor_replaced':
    case 'recovery_codes_renewed':
    case 'address_changed':
    case 'address_change_asked':
    case 'confirm_new_address':
    case 'password_reset_asked':
      return credentialText(notice);
  }
}
