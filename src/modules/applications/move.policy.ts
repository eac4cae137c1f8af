import { type Bilingual, Failure, type FieldError } from '../../kernel/errors.js';
import {
  type ApplicationStatus,
  findTransition,
  type Mover,
  nextStatuses,
  type Reason,
  type Transition,
} from './application.machine.js';

/** A step that somebody wants an application to take, with all that goes with it. */
export interface Move {
  readonly to: ApplicationStatus;
  readonly by: Mover;
  readonly reason?: Reason;
  /** For the candidate's eyes, as the feedback is. */
  readonly publicNote?: string;
  /** What a candidate can learn from a rejection. */
  readonly feedback?: string;
  /** Until when an offer can be answered. */
  readonly answerBy?: Date;
}

const HOUR_MS = 3_600_000;
/** An offer leaves at least this long to answer it, and keeps an opening no longer than that. */
const ANSWER_WITHIN_MS = { least: 48 * HOUR_MS, most: 90 * 24 * HOUR_MS } as const;

/** @throws Failure `transition_refused` naming the allowed ones, `invalid_request` for what does not go with the step */
export function requireTransition(from: ApplicationStatus, move: Move, now: Date): Transition {
  const transition = findTransition(from, move.to, move.by);
  if (transition === undefined) throw refusedTransition(from, move.by);
  const fields = [
    ...reasonProblems(transition, move),
    ...feedbackProblems(transition, move),
    ...answerByProblems(transition, move, now),
  ];
  if (fields.length > 0) throw new Failure('invalid_request', { fields });
  return transition;
}

/** @throws Failure `deadline_passed` for an answer to an offer that comes too late, whether or not it has lapsed yet */
export function requireInTime(to: ApplicationStatus, answerBy: Date | null, now: Date): void {
  if ((to !== 'accepted' && to !== 'declined') || answerBy === null || now < answerBy) return;
  throw new Failure('deadline_passed', {
    detail: {
      en: 'The time to answer the offer is over.',
      fr: 'Le délai de réponse à la proposition est écoulé.',
    },
  });
}

function reasonProblems({ reasons, by }: Transition, { reason }: Move): readonly FieldError[] {
  if (reason === undefined)
    return reasons.length === 0 ? [] : [problem('reason', 'required', 'Say why.', 'Indiquez le motif.')];
  if (reasons.includes(reason)) return [];
  const list = reasons.join(', ');
  return list === '' || by === 'system'
    ? [superfluous('reason')]
    : [problem('reason', 'not_allowed', `One of: ${list}.`, `L'une des valeurs : ${list}.`)];
}

function feedbackProblems({ takes }: Transition, { feedback }: Move): readonly FieldError[] {
  return feedback === undefined || takes === 'feedback' ? [] : [superfluous('feedback')];
}

function answerByProblems({ takes }: Transition, { answerBy }: Move, now: Date): readonly FieldError[] {
  if (takes !== 'answer_by') return answerBy === undefined ? [] : [superfluous('answerBy')];
  if (answerBy === undefined)
    return [
      problem(
        'answerBy',
        'required',
        'Say until when the offer can be answered.',
        "Indiquez jusqu'à quand il peut être répondu à la proposition.",
      ),
    ];
  const left = answerBy.getTime() - now.getTime();
  return left >= ANSWER_WITHIN_MS.least && left <= ANSWER_WITHIN_MS.most
    ? []
    : [
        problem(
          'answerBy',
          'not_allowed',
          'The offer leaves between two and ninety days to answer.',
          'La proposition laisse entre deux et quatre-vingt-dix jours pour répondre.',
        ),
      ];
}

const problem = (member: string, code: string, en: string, fr: string): FieldError => ({
  pointer: `/${member}`,
  code,
  detail: { en, fr },
});

const superfluous = (member: string): FieldError =>
  problem(member, 'not_allowed', 'It does not go with this step.', "Il n'accompagne pas cette étape.");

function refusedTransition(from: ApplicationStatus, by: Mover): Failure {
  const allowed = nextStatuses(from, by).join(', ');
  const detail: Bilingual =
    allowed === ''
      ? { en: `Nothing can be done from “${from}”.`, fr: `Rien n'est possible depuis « ${from} ».` }
      : {
          en: `From “${from}” you can go to: ${allowed}.`,
          fr: `Depuis « ${from} », les suites possibles sont : ${allowed}.`,
        };
  return new Failure('transition_refused', { detail });
}
