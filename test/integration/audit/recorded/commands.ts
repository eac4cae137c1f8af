import { nothing, type Recorded, records } from './routes.js';

/** What earlier commands have made, for later ones to work on. */
export interface Made {
  readonly agency: string;
  readonly client: string;
  /** File with the public keys of a client. */
  readonly keys: string;
}

export interface CommandRow {
  readonly command: string;
  readonly recorded: Recorded;
  /** Arguments with which it does its work; the rows are run in their order. */
  readonly args: (made: Made) => readonly string[];
}

/** Every command and all that it records; reviewed by people, held against the ledger by `recorded-by-commands.spec.ts`. */
export const COMMANDS: readonly CommandRow[] = [
  {
    command: 'prepare',
    // Without `--demo` it works before there is a ledger to write to.
    recorded: records(
      'agency.created',
      'client.created',
      'staff.created',
      'vacancy.created',
      'vacancy.published',
    ),
    args: () => ['prepare', '--demo'],
  },
  {
    command: 'config',
    recorded: nothing(
      'It says which variables of the caller’s own environment are set; it opens no database.',
    ),
    args: () => ['config'],
  },
  {
    command: 'agency create',
    recorded: records('agency.created'),
    args: () => ['agency', 'create', 'Ministère de la Culture'],
  },
  {
    command: 'agency client',
    recorded: records('client.created'),
    args: ({ agency, keys }) => [
      'agency',
      'client',
      '--agency',
      agency,
      '--name',
      'Essai',
      '--jwks',
      keys,
      '--scopes',
      'vacancies:read',
    ],
  },
  {
    command: 'agency suspend',
    recorded: records('client.suspended'),
    args: ({ client }) => ['agency', 'suspend', client],
  },
  {
    command: 'agency resume',
    recorded: records('client.resumed'),
    args: ({ client }) => ['agency', 'resume', client],
  },
  {
    command: 'staff create',
    recorded: records('staff.created'),
    args: () => ['staff', 'create', '--email', 'auditrice@example.fr', '--role', 'auditor'],
  },
];
