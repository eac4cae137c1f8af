import type { Bilingual } from '../../../kernel/errors.js';

/** What somebody is asked to agree to, word for word. A wording that people have seen is never changed: it gets a successor. */
export interface Wording {
  readonly version: number;
  readonly text: Bilingual;
}

/**
 * Everything that is done only for those who have agreed to it (GDPR art. 6(1)(a)). What applying takes is not here: it
 * rests on the recruitment itself and needs no consent. The newest wording of a purpose comes last.
 */
export const PURPOSES = {
  similar_vacancies: [
    {
      version: 1,
      text: {
        fr: 'J’accepte de recevoir par courriel des offres semblables à celles auxquelles j’ai répondu. Je peux revenir sur ce choix à tout moment, sans conséquence pour mes candidatures.',
        en: 'I agree to receive by mail vacancies like those I have applied for. I can change my mind at any time, without any consequence for my applications.',
      },
    },
  ],
  talent_pool: [
    {
      version: 1,
      text: {
        fr: 'J’accepte que les organismes auxquels j’ai adressé une candidature la conservent deux ans après leur décision, pour me proposer d’autres postes. Je peux revenir sur ce choix à tout moment, sans conséquence pour mes candidatures.',
        en: 'I agree that agencies which I have sent an application to keep it for two years after their decision, to offer me other posts. I can change my mind at any time, without any consequence for my applications.',
      },
    },
  ],
} as const satisfies Record<string, readonly [Wording, ...Wording[]]>;

export type ConsentPurpose = keyof typeof PURPOSES;

const isPurpose = (name: string): name is ConsentPurpose => Object.hasOwn(PURPOSES, name);

export const CONSENT_PURPOSES: readonly ConsentPurpose[] = Object.keys(PURPOSES).filter(isPurpose);

/** The wording that is put to people now. */
export function currentWording(purpose: ConsentPurpose): Wording {
  const wordings: readonly [Wording, ...Wording[]] = PURPOSES[purpose];
  return wordings.at(-1) ?? wordings[0];
}

/** The words of a decision, whenever it was made. */
export function wordingOf(purpose: ConsentPurpose, version: number): Wording | undefined {
  const wordings: readonly Wording[] = PURPOSES[purpose];
  return wordings.find((wording) => wording.version === version);
}
