import type { CommandRow } from './commands.js';
import { records } from './routes.js';

const tomorrow = (): string => new Date(Date.now() + 24 * 3_600_000).toISOString();

/** Of budgets and canaries. */
export const LIMIT_COMMANDS: readonly CommandRow[] = [
  {
    command: 'budget show',
    recorded: records('agency.budget_read'),
    run: { args: ({ agency }) => ['budget', 'show', agency] },
  },
  {
    command: 'budget set',
    recorded: records('agency.budget_set'),
    run: {
      args: ({ agency }) => ['budget', 'set', agency, '--hour', '10', '--until', tomorrow()],
    },
  },
  {
    command: 'budget lift',
    recorded: records('agency.budget_lifted'),
    run: { args: ({ agency }) => ['budget', 'lift', agency] },
  },
  {
    command: 'canary plant',
    recorded: records('canary.planted'),
    run: { seenBy: 'test/integration/disclosure/canaries.spec.ts' },
  },
  {
    command: 'canary list',
    recorded: records('canary.listed'),
    run: { args: () => ['canary', 'list'] },
  },
];
