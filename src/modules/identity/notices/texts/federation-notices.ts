import type { BilingualText } from './text.js';

/** About identities at ProConnect and FranceConnect. */
export interface FederationNotice {
  readonly kind: 'identity_linked' | 'identity_unlinked';
  /** The provider's name as people know it. */
  readonly provider: string;
}

export function federationText({ kind, provider }: FederationNotice): BilingualText {
  switch (kind) {
    case 'identity_linked':
      return {
        fr: {
          subject: `Une identité ${provider} a été rattachée à votre compte`,
          text: `Bonjour,\n\nUne identité ${provider} vient d'être rattachée à votre compte. Elle peut remplacer votre mot de passe, jamais votre second facteur.\n\nSi ce n'était pas vous, détachez-la et changez votre mot de passe sans attendre.`,
        },
        en: {
          subject: `A ${provider} identity was linked to your account`,
          text: `Hello,\n\nA ${provider} identity has just been linked to your account. It can stand in for your password, never for your second factor.\n\nIf it was not you, unlink it and change your password at once.`,
        },
      };
    case 'identity_unlinked':
      return {
        fr: {
          subject: `Une identité ${provider} a été détachée de votre compte`,
          text: `Bonjour,\n\nVotre compte n'est plus rattaché à une identité ${provider}.\n\nSi ce n'était pas vous, changez votre mot de passe sans attendre.`,
        },
        en: {
          subject: `A ${provider} identity was unlinked from your account`,
          text: `Hello,\n\nYour account is no longer linked to a ${provider} identity.\n\nIf it was not you, change your password at once.`,
        },
      };
  }
}
