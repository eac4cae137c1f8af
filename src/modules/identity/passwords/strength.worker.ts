import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as english, translations as en } from '@zxcvbn-ts/language-en';
import { dictionary as french, translations as fr } from '@zxcvbn-ts/language-fr';

/**
 * Estimates how soon a password is guessed, in a thread of its own: that takes up to a second of computing, and lists
 * of words that nobody else needs. Refers to packages only, so that it runs as it stands.
 */
export interface StrengthQuestion {
  readonly id: number;
  /** Short pieces; the password is as strong as the strongest. */
  readonly pieces: readonly string[];
  /** What a guesser knows: the person's address, the service's name. */
  readonly known: readonly string[];
}

export interface StrengthAnswer {
  readonly id: number;
  /** Decimal logarithm of the number of guesses. */
  readonly guesses: number;
  /** What is wrong with it and what would be better, as far as that is known. */
  readonly advice: { readonly en: string; readonly fr: string };
}

const estimator = new ZxcvbnFactory({
  graphs: adjacencyGraphs,
  dictionary: {
    'passwords-common': common['passwords-common'],
    'commonWords-fr': french['commonWords-fr'],
    'firstnames-fr': french['firstnames-fr'],
    'lastnames-fr': french['lastnames-fr'],
    'commonWords-en': english['commonWords-en'],
  },
  // Each substitution taken for a letter doubles the work.
  l33tMaxSubstitutions: 4,
});

type Texts = Readonly<Record<string, string>>;

/** Sentences end in a full stop, which some of the package's lack. */
const sentences = (texts: readonly (string | undefined)[]): string =>
  texts
    .filter((text) => text !== undefined)
    .map((text) => text.replace(/\.?$/, '.'))
    .join(' ');

function answer({ id, pieces, known }: StrengthQuestion): StrengthAnswer {
  const results = pieces.map((piece) => estimator.check(piece, [...known]));
  const guesses = Math.max(...results.map(({ guessesLog10 }) => guessesLog10));
  const [feedback] = results.map((result) => result.feedback);
  const adviceIn = ({ warnings, suggestions }: { warnings: Texts; suggestions: Texts }): string =>
    sentences([
      warnings[feedback?.warning ?? ''],
      ...(feedback?.suggestions ?? []).map((name) => suggestions[name]),
    ]);
  return { id, guesses, advice: { en: adviceIn(en), fr: adviceIn(fr) } };
}

parentPort?.on('message', (question: StrengthQuestion) => parentPort?.postMessage(answer(question), []));
