import type { Bilingual } from '../../../kernel/errors.js';
import { type Criteria, isKnownByTimeAlone } from '../criteria.js';

/** Whoever was inside has seen what was opened and not only what was answered, as row A8 of the threat model has it. */
const INSIDE: Bilingual = {
  en: "Nothing but its time is known of this incident. The ledger says what was answered then: whoever was inside a process may have seen more of these people's data, and with a key from its memory all of it. The key service's own log says whose keys were asked for besides.",
  fr: 'De cet incident, seule la période est connue. Le journal dit ce qui a été communiqué alors : quiconque se trouvait dans un processus peut avoir vu davantage des données de ces personnes, et leur totalité avec une clé prise en mémoire. Le journal du service de clés dit quelles autres clés ont été demandées.',
};

/** @param keptFrom a month's first moment */
function missingBefore(keptFrom: Date): Bilingual {
  const month = keptFrom.toISOString().slice(0, 'YYYY-MM'.length);
  return {
    en: `Contents of the months before ${month} are no longer kept; who was read then can no longer be named.`,
    fr: `Le contenu des mois antérieurs à ${month} n'est plus conservé ; qui a été lu alors ne peut plus être nommé.`,
  };
}

const missingYet = (awaited: number): Bilingual => ({
  en: `${awaited} entry(ies) are still on their way to the signed ledger, and in no number: ask again.`,
  fr: `${awaited} entrée(s) sont encore en route vers le journal signé, et dans aucun nombre : redemandez-le.`,
});

/** What an answer of the ledger lacks. */
export interface Lacking {
  /** Before this moment nothing is kept, and it was asked for: who was read then cannot be named. */
  readonly keptFrom: Date | null;
  /** How many entries, of any kind, were on their way to the tree, and are in no figure. */
  readonly awaited: number;
}

/** Why what the ledger says of an incident is a lower bound, a sentence each; none where it is exact. */
export function whyLowerBound(criteria: Criteria, { keptFrom, awaited }: Lacking): readonly Bilingual[] {
  return [
    ...(isKnownByTimeAlone(criteria) ? [INSIDE] : []),
    ...(keptFrom === null ? [] : [missingBefore(keptFrom)]),
    ...(awaited === 0 ? [] : [missingYet(awaited)]),
  ];
}
