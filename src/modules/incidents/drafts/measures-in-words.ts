import type { Locale } from '../../../kernel/context.js';
import type { Bilingual } from '../../../kernel/errors.js';
import { momentInWords } from '../../candidates/index.js';
import type { MeasuresTaken } from '../containment/measures.js';
import { CONTAINMENT_STEPS, type ContainmentStep } from '../containment/plan.js';
import type { Order } from '../orders.js';

const STEPS: Readonly<Record<ContainmentStep, Bilingual>> = {
  clients: { en: 'Clients suspended', fr: 'Suspension des clients' },
  budgets: { en: 'Disclosure budgets tightened', fr: 'Réduction des quotas de communication' },
  sessions: { en: 'Sessions ended', fr: 'Fin des sessions' },
  keys: { en: 'Keys of those affected renewed', fr: 'Renouvellement des clés des personnes concernées' },
};

/** A line for each step of containment: when it was first ordered and done, and whether anything of it is left. */
export function measuresInWords({ steps }: MeasuresTaken, locale: Locale): string {
  return CONTAINMENT_STEPS.map((step) => {
    const state = stateOf(steps[step]);
    return locale === 'fr' ? `- ${STEPS[step].fr} : ${state.fr}` : `- ${STEPS[step].en}: ${state.en}`;
  }).join('\n');
}

function stateOf(order: Order | undefined): Bilingual {
  if (order === undefined) return { en: 'not ordered', fr: 'aucun ordre' };
  const { firstOrderedAt = order.orderedAt, doneAt, firstDoneAt = doneAt } = order;
  const states = [
    at(firstOrderedAt, { en: 'ordered', fr: 'ordre donné' }),
    ...(firstDoneAt === null ? [] : [at(firstDoneAt, { en: 'done', fr: 'exécution' })]),
    ...(doneAt === null ? [LEFT] : []),
    ...(doneAt === null || doneAt === firstDoneAt ? [] : [at(doneAt, { en: 'done again', fr: 'reprise' })]),
  ];
  return { en: states.map(({ en }) => en).join('; '), fr: states.map(({ fr }) => fr).join(' ; ') };
}

const LEFT: Bilingual = { en: 'not all of it done', fr: 'à achever' };

function at(moment: string, what: Bilingual): Bilingual {
  const words = momentInWords(new Date(moment));
  return { en: `${what.en} ${words.en}`, fr: `${what.fr} ${words.fr}` };
}
