import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
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

  /** Lets the one under way end; those that wait are sent in the turn after. */
  async end(fault?: Error): Promise<void> {
    await turn();
    this.#ends.shift()?.(fault);
    await turn();
    await turn();
  }
}

describe('a batch', () => {
  it('asks for those of one turn together, and for all others once these are answered', async () => {
    const held = new HeldStatements();
    const first = [held.batch.ask(1), Promise.resolve().then(() => held.batch.ask(2))];
    expect(held.sent).toEqual([]);
    await turn();
    expect(held.sent).toEqual([[1, 2]]);
    const second = [held.batch.ask(3), held.batch.ask(4)];
    await turn();
    expect(held.sent).toEqual([[1, 2]]);
    await held.end();
    expect(await Promise.all(first)).toEqual(['answer 1', 'answer 2']);
    expect(held.sent).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const late = held.batch.ask(5);
    await held.end();
    expect(await Promise.all(second)).toEqual(['answer 3', 'answer 4']);
    await held.end();
    expect(await late).toBe('answer 5');
    expect(held.sent).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('fails for those it was asked for, and goes on', async () => {
    const held = new HeldStatements();
    const first = held.batch.ask(1);
    first.catch(() => undefined);
    await turn();
    const [second, third] = [held.batch.ask(2), held.batch.ask(3)];
    await held.end(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await held.end();
    expect(await Promise.all([second, third])).toEqual(['answer 2', 'answer 3']);
    const afterwards = held.batch.ask(4);
    await held.end();
    expect(await afterwards).toBe('answer 4');
  });

  it('sends no more than 200 in a statement', async () => {
    const held = new HeldStatements();
    const answers = Array.from({ length: 401 }, (_, question) => held.batch.ask(question));
    for (let rest = 3; rest > 0; rest -= 1) await held.end();
    await Promise.all(answers);
    expect(held.sent.map(({ length }) => length)).toEqual([200, 200, 1]);
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
