import type { CommandRow } from './commands.js';
import { records } from './routes.js';

/** They find nothing to do in a new installation. */
export const INCIDENT_COMMANDS: readonly CommandRow[] = [
  {
    command: 'incident open',
    recorded: records('incident.opened', 'incident.impact_read'),
    run: { seenBy: 'test/integration/incidents/incidents.spec.ts' },
  },
  {
    command: 'incident list',
    recorded: records('incident.listed'),
    run: { seenBy: 'test/integration/incidents/incidents.spec.ts' },
  },
  {
    command: 'incident show',
    recorded: records('incident.listed'),
    run: { seenBy: 'test/integration/incidents/incidents.spec.ts' },
  },
  {
    command: 'incident impact',
    // With `--out` it writes files besides.
    recorded: records('incident.impact_read', 'incident.exported'),
    run: { seenBy: 'test/integration/incidents/incidents.spec.ts' },
  },
  {
    command: 'incident notify',
    recorded: records('incident.notified'),
    run: { seenBy: 'test/integration/incidents/notification.spec.ts' },
  },
  {
    command: 'incident contain',
    recorded: records(
      'incident.containment_read',
      'incident.containment_ordered',
      'client.suspended',
      'agency.budget_set',
      'session.terminated',
      'session.ended',
      'key.subject_rotated',
    ),
    run: { seenBy: 'test/integration/incidents/containment.spec.ts' },
  },
  {
    command: 'incident close',
    recorded: records('incident.closed'),
    run: { seenBy: 'test/integration/incidents/incidents.spec.ts' },
  },
];
