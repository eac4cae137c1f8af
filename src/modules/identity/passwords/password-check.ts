import { Injectable } from '@nestjs/common';
import { type Bilingual, Failure } from '../../../kernel/errors.js';
import {
  knownWords,
  normalisePassword,
  PASSWORD_PROBLEMS,
  type PasswordProblem,
  passwordProblem,
} from './password-rules.js';
import { PasswordStrength, type Strength } from './strength.js';

/** Fewer guesses than a hundred million are a matter of hours for whoever has stolen a hash and its key. */
const LEAST_GUESSES = 8;

/** Decides whether a password may be chosen, and says why not in the person's language. */
@Injectable()
export class PasswordCheck {
  readonly #strength: PasswordStrength;

  constructor(strength: PasswordStrength) {
    this.#strength = strength;
  }

  /**
   * @param email the person's own address
   * @throws Failure `password_refused`, which depends on the two alone; `service_unavailable` when too many ask
   */
  async verify(password: string, email: string): Promise<void> {
    const problem = passwordProblem(password, email);
    if (problem === 'too_long') throw refusal(problem, undefined);
    const strength = await this.#strength.estimate(normalisePassword(password), knownWords(email));
    if (problem !== undefined) throw refusal(problem, strength.advice);
    if (strength.guesses < LEAST_GUESSES) throw refusal('guessable', strength.advice);
  }
}

function refusal(problem: PasswordProblem, advice: Strength['advice'] | undefined): Failure {
  const sentence: Bilingual = PASSWORD_PROBLEMS[problem];
  const detail = {
    en: [sentence.en, advice?.en].filter(Boolean).join(' '),
    fr: [sentence.fr, advice?.fr].filter(Boolean).join(' '),
  };
  return new Failure('password_refused', { fields: [{ pointer: '/password', code: problem, detail }] });
}
