import { AsyncLocalStorage } from 'node:async_hooks';
import { Batch } from './batch.js';

/** A statement whose end the test decides. */
class HeldStatements {
  readonly sent: (readonly number[])[] = [];
  readonly #ends: ((fault?: Error) => void)[] = [];
  readonly batch = new Batch<number, string>((questions) => {
    this.sent.push(questions);
    return new Promise((resolve, reject) => {
      this.#ends.push((fault) =>
        fault === undefined ? resolve((question) => `answer ${question}`) : reject(fault),
      );
    });
  });

  end(fault?: Error): void {
    this.#ends.shift()?.(fault);
  }
}

describe('a batch', () => {
  it('asks for a lone one at once, and for all others together once that is answered', async () => {
    const held = new HeldStatements();
    const answers = [1, 2, 3].map((question) => held.batch.ask(question));
    expect(held.sent).toEqual([[1]]);
    held.end();
    expect(await answers[0]).toBe('answer 1');
    expect(held.sent).toEqual([[1], [2, 3]]);
    const late = held.batch.ask(4);
    held.end();
    expect(await Promise.all(answers)).toEqual(['answer 1', 'answer 2', 'answer 3']);
    held.end();
    expect(await late).toBe('answer 4');
    expect(held.sent).toEqual([[1], [2, 3], [4]]);
  });

  it('fails for those it was asked for, and goes on', async () => {
    const held = new HeldStatements();
    const first = held.batch.ask(1);
    const [second, third] = [held.batch.ask(2), held.batch.ask(3)];
    held.end(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    held.end();
    expect(await Promise.all([second, third])).toEqual(['answer 2', 'answer 3']);
    const afterwards = held.batch.ask(4);
    held.end();
    expect(await afterwards).toBe('answer 4');
  });

  it('sends no more than 200 in a statement', async () => {
    const held = new HeldStatements();
    const answers = Array.from({ length: 402 }, (_, question) => held.batch.ask(question));
    for (let rest = 4; rest > 0; rest -= 1) {
      held.end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(answers);
    expect(held.sent.map(({ length }) => length)).toEqual([1, 200, 200, 1]);
  });

  it('is sent in nobody’s name, whoever asked first', async () => {
    const requests = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const batch = new Batch<number, string>(() => {
      seen.push(requests.getStore());
      return Promise.resolve(() => requests.getStore() ?? 'nobody');
    });
    expect(await requests.run('somebody', () => batch.ask(1))).toBe('nobody');
    expect(seen).toEqual([undefined]);
    await requests.run('somebody', async () => {
      await batch.ask(2);
      expect(requests.getStore()).toBe('somebody');
    });
  });
});
