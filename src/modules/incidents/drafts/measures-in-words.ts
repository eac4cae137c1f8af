import type { Locale } from '../../../kernel/context.js';
import type { Bilingual } from '../../../kernel/errors.js';
import type { MeasuresTaken } from '../containment/measures.js';
import { CONTAINMENT_STEPS, type ContainmentStep } from '../containment/plan.js';
import type { Order } from '../orders.js';

const STEPS: Readonly<Record<ContainmentStep, Bilingual>> = {
  clients: { en: 'Clients suspended', fr: 'Suspension des clients' },
  budgets: { en: 'Disclosure budgets tightened', fr: 'Réduction des quotas de communication' },
  sessions: { en: 'Sessions ended', fr: 'Fin des sessions' },
  keys: { en: 'Keys of those affected renewed', fr: 'Renouvellement des clés des personnes concernées' },
};

/** A line for each step of containment: when it was ordered, and whether anything of it is left. */
export function measuresInWords({ steps }: MeasuresTaken, locale: Locale): string {
  return CONTAINMENT_STEPS.map((step) => {
    const state = stateOf(steps[step]);
    return locale === 'fr' ? `- ${STEPS[step].fr} : ${state.fr}` : `- ${STEPS[step].en}: ${state.en}`;
  }).join('\n');
}

function stateOf(order: Order | undefined): Bilingual {
  if (order === undefined) return { en: 'not ordered', fr: 'aucun ordre' };
  const [ordered, done] = [moment(order.orderedAt), order.doneAt === null ? null : moment(order.doneAt)];
  if (done === null)
    return { en: `ordered at ${ordered}, not all of it done`, fr: `ordre du ${ordered}, à achever` };
  return { en: `ordered at ${ordered}, done at ${done}`, fr: `ordre du ${ordered}, exécuté le ${done}` };
}

const moment = (text: string): string => text.replace('.000Z', 'Z');
