import { Jobs } from '../../../src/platform/jobs/jobs.js';
import { type RoundName, Rounds } from '../../../src/platform/jobs/rounds.js';
import { Logger } from '../../../src/platform/logging/logger.js';
import { MovableClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { testSettings } from '../../support/settings.js';

/** Two of a worker's rounds on real tables of jobs. */
describe('what a worker does again and again', () => {
  let database: TestDatabase;
  let jobs: Jobs;
  let rounds: Rounds;
  let clock: MovableClock;
  /** How often each was begun. */
  let begun: Record<'hourly' | 'slow', number>;
  let release: () => void;

  beforeEach(async () => {
    database = await createTestDatabase();
    const settings = testSettings(database, '/nowhere', 0);
    const logger = new Logger(settings);
    clock = new MovableClock();
    jobs = new Jobs(settings, logger);
    await jobs.onModuleInit();
    rounds = new Rounds(jobs, clock, logger);
    begun = { hourly: 0, slow: 0 };
    await rounds.every(60, 'expired_answers', () => {
      begun.hourly += 1;
      return Promise.resolve();
    });
    await rounds.every(1, 'alerts', () => {
      begun.slow += 1;
      return new Promise((resolve) => (release = resolve));
    });
  });

  afterEach(async () => {
    release();
    await rounds.onApplicationShutdown();
    await jobs.onApplicationShutdown();
    await database.drop();
  });

  const waiting = async (queue: RoundName): Promise<number> =>
    (await database.query(`SELECT FROM jobs.job WHERE name = $1 AND state < 'completed'`, [queue])).length;
  const timesDone = (times: number) =>
    eventually(`time ${times}`, async () =>
      begun.hourly === times && (await waiting('expired_answers')) === 0 ? true : undefined,
    );
  const hold = (queue: RoundName) =>
    database.query(
      `INSERT INTO jobs.job (name, singleton_key, policy, start_after)
       SELECT name, name, policy, now() + interval '9 years' FROM jobs.queue WHERE name = $1`,
      [queue],
    );

  it('is asked for soon after the beginning, and then when it is time again', async () => {
    await rounds.turn();
    await timesDone(1);
    for (const minutes of [1, 58]) {
      clock.advance({ minutes });
      await rounds.turn();
      expect(await waiting('expired_answers')).toBe(0);
    }
    clock.advance({ minutes: 1 });
    await rounds.turn();
    await timesDone(2);
  });

  it('is done without a job when somebody holds the queue, and not twice at once', async () => {
    for (const queue of ['expired_answers', 'alerts'] as const) await hold(queue);
    await rounds.turn();
    clock.advance({ minutes: 4 });
    await rounds.turn();
    expect(begun).toEqual({ hourly: 0, slow: 0 });
    clock.advance({ minutes: 1 });
    const turns = [rounds.turn()];
    // The other one is still at it.
    for (const hour of [1, 2]) {
      expect(begun).toEqual({ hourly: hour, slow: 1 });
      expect(await waiting('expired_answers')).toBe(1);
      clock.advance({ minutes: 65 });
      turns.push(rounds.turn());
    }
    expect(begun).toEqual({ hourly: 3, slow: 1 });
    release();
    await Promise.all(turns);
    clock.advance({ minutes: 6 });
    const last = rounds.turn();
    expect(begun.slow).toBe(2);
    release();
    await last;
  });
});
