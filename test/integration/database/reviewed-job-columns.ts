/** Columns of pg-boss, and why none of them carries what a person has told. An upgrade that brings another is looked at. */
const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  job: {
    data: 'ids only: the type of every payload says so, see src/platform/jobs/queues.ts',
    output: 'empty, or that the job failed and nothing of why, see src/platform/jobs/jobs.ts',
    'source_output source_name': 'of jobs that were moved to a dead-letter queue, which there is none of',
    'name dead_letter policy group_id group_tier': 'names from our own code',
    'singleton_key singleton_on state': 'names from our own code, a time, and one of a few words',
    trace_context: 'ids of a trace (W3C Trace Context), which are random',
  },
  job_dependency: { 'child_name parent_name': 'names of queues' },
  queue: {
    'name policy dead_letter table_name singletons_active': 'names from our own code',
    'ready_history run_bins wait_bins': 'numbers of jobs and of seconds',
  },
  queue_stats: { name: 'the name of a queue', 'run_bins wait_bins': 'numbers of seconds' },
  schedule: {
    'name key kind cron timezone': 'we schedule nothing by the library',
    'data options': 'we schedule nothing by the library',
  },
  subscription: { 'event name': 'names from our own code' },
  instance: {
    'application_name host name node_version version': 'what machine a worker runs on',
    'config metrics workers': 'how a worker is set up, and numbers of jobs',
  },
  warning: { 'type message data': 'what the library has noticed about its own queues' },
  bam: { 'name command status queue table_name error': 'statements of the library about its own tables' },
};

export const REVIEWED_JOB_COLUMNS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(TABLES).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([names, reason]) =>
      names.split(' ').map((name) => [`jobs.${table}.${name}`, reason]),
    ),
  ),
);
