import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import type { IncidentId } from './incident.js';

/** What is done about an incident that may take long. */
export type Task = 'containment' | 'notification';

/** By then the server has noticed that the other machine is gone, though its connection was never ended. */
const KEEP_ALIVE = { tcp_keepalives_idle: '20', tcp_keepalives_interval: '10', tcp_keepalives_count: '3' };

/** Knows who is at an incident: a lock of PostgreSQL, given up with its connection when a process dies, however it dies. */
@Injectable()
export class Attendance {
  readonly #url: string;

  constructor(settings: Settings) {
    this.#url = settings.database.appUrl;
  }

  /** Others see that somebody is at it for as long as `work` takes. Whoever else is at it does not hold it up. */
  during<T>(task: Task, id: IncidentId, work: () => Promise<T>): Promise<T> {
    return this.#attending(task, id, work);
  }

  /** The same, unless somebody is at it already, in whichever process. */
  async unlessAttended(task: Task, id: IncidentId, work: () => Promise<void>): Promise<void> {
    await this.#attending(task, id, async (isFirst) => {
      if (isFirst) await work();
    });
  }

  async #attending<T>(task: Task, id: IncidentId, work: (isFirst: boolean) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'sceau-incidents' });
    // The work goes on without the lock: two at once do no harm.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(
        'SELECT set_config(name, value, false) FROM jsonb_each_text($1::jsonb) AS t (name, value)',
        [JSON.stringify({ ...KEEP_ALIVE, idle_session_timeout: '0' })],
      );
      const { rows } = await client.query<{ first: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS first',
        [`incidents.${task}/${id}`],
      );
      return await work(rows[0]?.first === true);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
