import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** Questions that go into one statement at the most. */
const MOST = 200;

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Asks for many requests in one statement: whatever is asked in the same turn of the event loop goes together, and
 * whatever is asked while a statement is under way goes into the next one. So each question is answered by a statement
 * that began after it was asked, a lone one waits for nobody, and the busier a process is, the more share a statement.
 * A statement must not wait for what one of its questions is about, or all of them would.
 */
export class Batch<Question, Answer> {
  readonly #answer: (questions: readonly Question[]) => Promise<(question: Question) => Answer>;
  /** Outside of any request: what is sent belongs to many. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #waiting: Waiting<Question, Answer>[] = [];
  #isUnderWay = false;

  /** @param answer how each of these is answered; when it rejects, all of them have failed */
  constructor(answer: (questions: readonly Question[]) => Promise<(question: Question) => Answer>) {
    this.#answer = answer;
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      if (!this.#isUnderWay) void this.#outside(() => this.#send());
    });
  }

  async #send(): Promise<void> {
    this.#isUnderWay = true;
    while (this.#waiting.length > 0) {
      await turn();
      const sent = this.#waiting.splice(0, MOST);
      try {
        const answerOf = await this.#answer(sent.map(({ question }) => question));
        for (const { question, resolve } of sent) resolve(answerOf(question));
      } catch (cause) {
        for (const { reject } of sent) reject(cause);
      }
    }
    this.#isUnderWay = false;
  }
}
