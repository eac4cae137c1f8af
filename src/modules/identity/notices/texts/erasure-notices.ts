import type { Bilingual } from '../../../../kernel/errors.js';
import type { BilingualText } from './text.js';

/** To whoever was erased: the last mail that they get. */
export interface ErasureNotice {
  readonly kind: 'account_erased';
  /** Who asked for it; `inactivity`: the account had not been used for as long as accounts are kept. */
  readonly cause: 'candidate' | 'operator' | 'inactivity';
  /** What the erasure can be found by, and nothing else. */
  readonly reference: string;
  /** Days after which the last copy of the keys is gone. */
  readonly backupDays: number;
}

const CAUSE: Readonly<Record<ErasureNotice['cause'], Bilingual>> = {
  candidate: {
    fr: 'Comme demandé depuis votre compte, celui-ci et toutes vos données sont effacés.',
    en: 'As you asked from your account, it and all data about you are erased.',
  },
  operator: {
    fr: 'Comme demandé par courrier, votre compte et toutes vos données sont effacés.',
    en: 'As you asked by letter, your account and all data about you are erased.',
  },
  inactivity: {
    fr: 'Votre compte n’a pas servi depuis longtemps, comme nous vous l’avions écrit : celui-ci et toutes vos données sont effacés.',
    en: 'Nobody has used your account for a long time, of which we wrote before: it and all data about you are erased.',
  },
};

export const erasureText = ({ cause, reference, backupDays }: ErasureNotice): BilingualText => ({
  fr: {
    subject: 'Votre compte et vos données sont effacés',
    text: `Bonjour,\n\n${CAUSE[cause].fr} Vos candidatures en cours sont retirées ; les organismes en sont avertis, sans donnée à votre sujet.\n\nRien ne peut plus être lu ni rétabli ici. Les sauvegardes des clés persistent encore ${backupDays} jours, chiffrées ; ensuite, aucune copie ne pourra plus être lue.\n\nCe message est le dernier, et votre adresse est effacée avec lui. Pour toute question, citez cette référence :\n\n${reference}`,
  },
  en: {
    subject: 'Your account and your data are erased',
    text: `Hello,\n\n${CAUSE[cause].en} Your open applications are withdrawn; the agencies know, without any data about you.\n\nNothing can be read or brought back here any more. Backups of the keys persist for another ${backupDays} days, encrypted; after that no copy can ever be read.\n\nThis mail is the last one, and your address is erased along with it. For questions, quote this reference:\n\n${reference}`,
  },
});
