import type pg from 'pg';
import { Batch } from '../database/batch.js';

/** One more of what is limited. */
export interface Attempt {
  readonly key: string;
  /** Length of its window, which begins with the first attempt. */
  readonly seconds: number;
}

export interface Counted {
  /** Its place among those of its window, from 1. */
  readonly count: number;
  /** Milliseconds until the window ends. */
  readonly leftMs: number;
}

interface Row extends Counted {
  readonly key: string;
}

const NOW = '(extract(epoch FROM now()) * 1000)::bigint';

/** In order, so that two processes with the same keys do not wait for each other. */
const COUNT = {
  name: 'count-attempts',
  text: `
    INSERT INTO platform.rate_limit AS r (key, points, expire)
    SELECT a.key, a.times, ${NOW} + 1000 * a.seconds
    FROM unnest($1::text[], $2::integer[], $3::integer[]) AS a (key, times, seconds) ORDER BY a.key
    ON CONFLICT (key) DO UPDATE SET
      points = CASE WHEN r.expire > ${NOW} THEN r.points ELSE 0 END + excluded.points,
      expire = CASE WHEN r.expire > ${NOW} THEN r.expire ELSE excluded.expire END
    RETURNING key, points AS count, (expire - ${NOW})::integer AS "leftMs"`,
};

const SWEEP = {
  name: 'sweep-attempts',
  text: `DELETE FROM platform.rate_limit WHERE key IN (
           SELECT key FROM platform.rate_limit WHERE expire <= ${NOW} LIMIT 200 FOR UPDATE SKIP LOCKED)`,
};

/** One attempt in so many is paid for with a sweep, of more keys than were added since the one before. */
const ATTEMPTS_FOR_EACH = 50;

/** Counts attempts in windows, exactly and over all processes; many at once in one statement. */
export class AttemptCounters {
  readonly #pool: pg.Pool;
  readonly #counting = new Batch<Attempt, Counted>((attempts) => this.#countAll(attempts));
  #toSweep = ATTEMPTS_FOR_EACH;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  count(attempt: Attempt): Promise<Counted> {
    return this.#counting.ask(attempt);
  }

  async #countAll(attempts: readonly Attempt[]): Promise<(attempt: Attempt) => Counted> {
    await this.#sweep(attempts.length);
    const byKey = [...Map.groupBy(attempts, ({ key }) => key)];
    const values = [
      byKey.map(([key]) => key),
      byKey.map(([, same]) => same.length),
      byKey.map(([, [first]]) => first?.seconds),
    ];
    const { rows } = await this.#pool.query<Row>({ ...COUNT, values });
    const windows = new Map(rows.map((row) => [row.key, row]));
    const counted = new Map(
      byKey.flatMap(([key, same]) => {
        const { count, leftMs } = windows.get(key) ?? { count: Number.POSITIVE_INFINITY, leftMs: 0 };
        return same.map((attempt, at) => [attempt, { count: count - same.length + at + 1, leftMs }] as const);
      }),
    );
    return (attempt) => counted.get(attempt) ?? { count: Number.POSITIVE_INFINITY, leftMs: 0 };
  }

  async #sweep(attempts: number): Promise<void> {
    this.#toSweep -= attempts;
    if (this.#toSweep > 0) return;
    this.#toSweep = ATTEMPTS_FOR_EACH;
    await this.#pool.query(SWEEP);
  }
}
