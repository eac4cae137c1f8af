import { Settings } from '../../../platform/config/settings.js';
import { Metrics } from '../../../platform/metrics/metrics.js';
import { testSettings } from '../../../../test/support/settings.js';
import { HashingQueue, type Lane } from './hashing-queue.js';

const NOWHERE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };

describe('the queue of hashings', () => {
  let metrics: Metrics;
  let queue: HashingQueue;
  let running: PromiseWithResolvers<void>[];
  let begun: string[];

  beforeEach(() => {
    metrics = new Metrics();
    const settings = testSettings(NOWHERE, '', 0);
    const passwords = { ...settings.passwords, concurrency: 2, queue: 3 };
    queue = new HashingQueue(new Settings({ ...settings, passwords }), metrics);
    running = [];
    begun = [];
  });

  const ask = (name: string, lane: Lane = 'anyone'): Promise<string> =>
    queue.run(lane, async () => {
      begun.push(name);
      const work = Promise.withResolvers<void>();
      running.push(work);
      await work.promise;
      return name;
    });
  const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  async function finishAll(): Promise<void> {
    for (let work = running.shift(); work !== undefined; work = running.shift()) {
      work.resolve();
      await settled();
    }
  }

  it('lets so many run at once, so many wait, and refuses the rest at once', async () => {
    const asked = ['a', 'b', 'c', 'd', 'e'].map((name) => ask(name));
    await expect(ask('f')).rejects.toMatchObject({
      code: 'service_unavailable',
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    await settled();
    expect(begun).toEqual(['a', 'b']);
    await finishAll();
    expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await metrics.text()).toContain('sceau_password_hashings_total{kind="refused"} 1');
    expect(await metrics.text()).toContain('sceau_password_hashings_total{kind="done"} 5');
  });

  it('takes those first who are known from where they are, whose places strangers cannot fill', async () => {
    const strangers = ['a', 'b', 'c', 'd', 'e'].map((name) => ask(name));
    const known = ask('known', 'known');
    await settled();
    await finishAll();
    await Promise.all([...strangers, known]);
    expect(begun).toEqual(['a', 'b', 'known', 'c', 'd', 'e']);
  });

  it('gives a place back when the work fails', async () => {
    for (let round = 0; round < 5; round += 1) {
      await expect(queue.run('anyone', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    }
    const next = ask('next');
    await settled();
    await finishAll();
    expect(await next).toBe('next');
  });
});
