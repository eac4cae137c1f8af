import type { Locale } from '../../../kernel/context.js';
import { type Acknowledged, type Consent, currentWording } from '../../../modules/privacy/index.js';
import type { ConsentsDto } from './consents.dtos.js';
import type { ErasedDto } from './erased.dto.js';

const MESSAGES: Readonly<Record<Locale, (days: number) => string>> = {
  fr: (days) =>
    `Vos données sont effacées : plus personne ne peut les lire. Les sauvegardes des clés persistent encore ${days} jours, chiffrées ; ensuite, aucune copie ne pourra plus être lue. Un dernier courriel vous le confirme.`,
  en: (days) =>
    `Your data are erased: nobody can read them any more. Backups of the keys persist for another ${days} days, encrypted; after that no copy can ever be read. A last mail confirms it.`,
};

export const presentErased = (
  { id, askedAt, backupDays, backupsUntil }: Acknowledged,
  locale: Locale,
): ErasedDto => ({
  reference: id,
  erasedAt: askedAt.toISOString(),
  backupDays,
  backupsUntil: backupsUntil.toISOString(),
  message: MESSAGES[locale](backupDays),
});

export const presentConsents = (consents: readonly Consent[], locale: Locale): ConsentsDto => ({
  items: consents.map(({ purpose, given, decided }) => {
    const { version, text } = currentWording(purpose);
    return {
      purpose,
      given,
      version,
      wording: text[locale],
      decidedAt: decided?.at ?? null,
      decidedVersion: decided?.version ?? null,
    };
  }),
});
