import { type FederationNotice, federationText } from './federation-notices.js';
import { type PasskeyNotice, passkeyText } from './passkey-notices.js';
import type { BilingualText } from './text.js';

/** About what a person signs in with. */
export type FactorNotice =
  | { readonly kind: 'factor_enrolled' }
  | { readonly kind: 'recovery_code_used'; readonly left: number }
  | PasskeyNotice
  | FederationNotice;

export function factorText(notice: FactorNotice): BilingualText {
  switch (notice.kind) {
    case 'factor_enrolled':
      return {
        fr: {
          subject: "Votre application d'authentification est enregistrée",
          text: "Bonjour,\n\nUne application d'authentification vient d'être enregistrée et votre compte est actif. Conservez vos dix codes de secours en lieu sûr.",
        },
        en: {
          subject: 'Your authenticator is enrolled',
          text: 'Hello,\n\nAn authenticator has just been enrolled and your account is active. Keep your ten recovery codes in a safe place.',
        },
      };
    case 'recovery_code_used':
      return {
        fr: {
          subject: 'Un code de secours a été utilisé',
          text: `Bonjour,\n\nUn code de secours vient d'ouvrir votre compte. Il vous en reste ${notice.left}.\n\nSi ce n'était pas vous, mettez fin à toutes vos sessions.`,
        },
        en: {
          subject: 'A recovery code was used',
          text: `Hello,\n\nA recovery code has just opened your account. You have ${notice.left} left.\n\nIf it was not you, end all your sessions.`,
        },
      };
    case 'passkey_added':
    case 'passkey_removed':
    case 'passkey_copied':
      return passkeyText(notice);
    case 'identity_linked':
    case 'identity_unlinked':
      return federationText(notice);
  }
}
