import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { type Bilingual, Failure } from '../../../kernel/errors.js';
import { Impact } from '../impact/impact.js';
import { whyLowerBound } from '../impact/lower-bound.js';
import { type IncidentId, requireOpen } from '../incident.js';
import { ClosingNotes } from './closing-notes.js';
import type { Reachable } from './letter-order.js';
import { LetterStates } from './letter-states.js';

/** What is said of those who have not been told when an incident is closed. */
export interface Acknowledgement {
  /** Those whom no mail has reached have been told in another way. */
  readonly toldOtherwise?: boolean;
  /** Nobody of them will be written to: they see it in their access history, and nowhere else. */
  readonly leaveUntold?: boolean;
}

/** How it stands in the ledger. */
export interface Acknowledged {
  readonly reason: 'told_otherwise' | 'left_untold';
  /** Of how many it was said, canaries among them: a number without them would tell how many there are. */
  readonly count: number;
}

/** People who can be told and have not been. */
interface Left {
  /** To whom there is no letter. */
  readonly none: number;
  readonly waiting: number;
  readonly refused: number;
}

/** Who is still to be told of an incident. */
@Injectable()
export class Untold {
  readonly #impact: Impact;
  readonly #letters: LetterStates;
  readonly #notes: ClosingNotes;

  constructor(impact: Impact, letters: LetterStates, notes: ClosingNotes) {
    this.#impact = impact;
    this.#letters = letters;
    this.#notes = notes;
  }

  /**
   * Lets an incident be closed: nobody is written to about a closed one any more. Whoever has no letter sees it in
   * their access history from then on.
   * @returns what was acknowledged of those who have not been told; `undefined` where there are none, or nothing was said
   * @throws Failure `conflict` where somebody has not been told and that is not acknowledged, for an incident that is
   * closed, for one that does not stand, and as long as the ledger is behind, whatever is acknowledged; `not_found`; `ledger_unavailable`
   */
  async acknowledge(
    context: RequestContext,
    id: IncidentId,
    { toldOtherwise = false, leaveUntold = false }: Acknowledgement,
  ): Promise<Acknowledged | undefined> {
    const { incident, filter } = await this.#impact.question(context, id);
    requireOpen(incident);
    const { affected, ...lacking } = await this.#impact.everybody(filter);
    if (lacking.awaited > 0) throw new Failure('conflict', { detail: behind(lacking.awaited) });
    const reachable = affected.filter((one): one is Reachable => one.candidate !== undefined);
    const left = (await this.#letters.with(id, reachable)).filter(({ letter }) => letter !== 'accepted');
    const people = (letter: string): number =>
      left.filter((one) => one.letter === letter && !one.isCanary).length;
    const counted = { none: people('none'), waiting: people('waiting'), refused: people('refused') };
    const isSaidOfAll = leaveUntold || (toldOtherwise && counted.none + counted.waiting === 0);
    if (!isSaidOfAll && counted.none + counted.waiting + counted.refused > 0)
      throw new Failure('conflict', { detail: remaining(counted) });
    const isLowerBound = whyLowerBound(incident.criteria, lacking).length > 0;
    await this.#notes.write(
      context,
      id,
      left.filter(({ letter }) => letter === 'none'),
      isLowerBound,
    );
    if (left.length === 0 || !(leaveUntold || toldOtherwise)) return undefined;
    return { reason: leaveUntold ? 'left_untold' : 'told_otherwise', count: left.length };
  }
}

const behind = (awaited: number): Bilingual => ({
  en: `${awaited} entry(ies) are still on their way to the signed ledger: who else is affected is not known yet. Ask again in a moment; \`sceau ledger status\` says how far the ledger is behind.`,
  fr: `${awaited} entrée(s) sont encore en route vers le journal signé : on ne sait pas encore qui d'autre est concerné. Recommencez dans un instant ; \`sceau ledger status\` indique le retard du journal.`,
});

function remaining({ none, waiting, refused }: Left): Bilingual {
  const said = (count: number, text: Bilingual): readonly Bilingual[] => (count === 0 ? [] : [text]);
  const sentences = [
    ...said(none, {
      en: `${none} of those affected can be reached and have not been told: notify them first.`,
      fr: `${none} personne(s) concernée(s) et joignable(s) n'ont pas été informées : informez-les d'abord.`,
    }),
    ...said(waiting, {
      en: `${waiting} letter(s) are still on their way: wait for them.`,
      fr: `${waiting} courrier(s) sont encore en cours d'envoi : attendez-les.`,
    }),
    ...said(refused, {
      en: `${refused} of those affected could not be reached by mail (letter=refused): tell them in another way, and say so (toldOtherwise, --told-otherwise).`,
      fr: `${refused} personne(s) concernée(s) n'ont pu être jointes par courriel (letter=refused) : informez-les autrement, puis indiquez-le (toldOtherwise, --told-otherwise).`,
    }),
    {
      en: 'Or close it and leave them untold (leaveUntold, --leave-untold).',
      fr: 'Ou clôturez sans les informer (leaveUntold, --leave-untold).',
    },
  ];
  return {
    en: sentences.map(({ en }) => en).join(' '),
    fr: sentences.map(({ fr }) => fr).join(' '),
  };
}
