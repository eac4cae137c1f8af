import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { JOBS_SCHEMA, QUEUE_NAMES, type QueuePolicy, QUEUES } from './queues.js';

/** Creates or updates pg-boss's own schema and our queues as the owner, and lets `sceau_app` use them. */
export async function prepareJobs(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema: JOBS_SCHEMA,
    supervise: false,
    schedule: false,
  });
  await boss.start();
  try {
    const existing = new Set((await boss.getQueues()).map((queue) => queue.name));
    for (const name of QUEUE_NAMES) {
      // How jobs of a queue keep out of each other's way is settled when it is made.
      const { policy, ...limits }: QueuePolicy = QUEUES[name];
      if (existing.has(name)) await boss.updateQueue(name, limits);
      else await boss.createQueue(name, { ...limits, ...(policy === undefined ? {} : { policy }) });
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`
      GRANT USAGE ON SCHEMA ${JOBS_SCHEMA} TO sceau_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${JOBS_SCHEMA} TO sceau_app;
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${JOBS_SCHEMA} TO sceau_app;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${JOBS_SCHEMA} TO sceau_app;
    `);
  } finally {
    await client.end();
  }
}
