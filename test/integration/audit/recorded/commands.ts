import { INCIDENT_COMMANDS } from './incident-commands.js';
import { LIMIT_COMMANDS } from './limit-commands.js';
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
  /**
   * Arguments with which it does its work; the rows are run in their order. For a command that can do nothing in a
   * new installation, the test that sees it work and its entry.
   */
  readonly run: { readonly args: (made: Made) => readonly string[] } | { readonly seenBy: string };
}

/** Every command and all that it records; reviewed by people, held against the ledger by `recorded-by-commands.spec.ts`. */
export const COMMANDS: readonly CommandRow[] = [
  {
    command: 'prepare',
    // Without `--demo` it works before there is a ledger to write to.
    recorded: records(
      'agency.created',
      'client.created',
      'staff.invited',
      'staff.accepted',
      'totp.offered',
      'totp.enrolled',
      'session.created',
      'session.ended',
      'vacancy.created',
      'vacancy.published',
    ),
    run: { args: () => ['prepare', '--demo'] },
  },
  {
    command: 'config',
    recorded: nothing(
      'It says which variables of the caller’s own environment are set; it opens no database.',
    ),
    run: { args: () => ['config'] },
  },
  {
    command: 'agency create',
    recorded: records('agency.created'),
    run: { args: () => ['agency', 'create', 'Ministère de la Culture'] },
  },
  {
    command: 'agency client',
    recorded: records('client.created'),
    run: {
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
  },
  {
    command: 'agency demo-key',
    recorded: records(
      'agency.created',
      'client.created',
      'vacancy.created',
      'vacancy.published',
      'application.submitted',
    ),
    run: { args: () => ['agency', 'demo-key', '--out', '-'] },
  },
  {
    command: 'agency sandbox-fill',
    recorded: records('vacancy.created', 'vacancy.published', 'application.submitted'),
    run: { seenBy: 'test/e2e/cli/sandbox.spec.ts' },
  },
  {
    command: 'agency list',
    recorded: records('agency.listed'),
    run: { args: () => ['agency', 'list'] },
  },
  {
    command: 'agency clients',
    recorded: records('client.listed'),
    run: { args: ({ agency }) => ['agency', 'clients', agency] },
  },
  {
    command: 'agency keys',
    recorded: records('client.keys_replaced'),
    run: { args: ({ client, keys }) => ['agency', 'keys', client, '--jwks', keys, '--until', 'now'] },
  },
  {
    command: 'agency scopes',
    recorded: records('client.changed'),
    run: { args: ({ client }) => ['agency', 'scopes', client, 'vacancies:read,usage:read'] },
  },
  {
    command: 'agency suspend',
    recorded: records('client.suspended'),
    run: { args: ({ client }) => ['agency', 'suspend', client] },
  },
  {
    command: 'agency resume',
    recorded: records('client.resumed'),
    run: { args: ({ client }) => ['agency', 'resume', client] },
  },
  {
    command: 'agency rotate-signing-key',
    recorded: records('key.signing_rotated'),
    run: { args: () => ['agency', 'rotate-signing-key', '--overlap-hours', '48'] },
  },
  ...LIMIT_COMMANDS,
  {
    command: 'staff invite',
    recorded: records('staff.invited'),
    run: { args: () => ['staff', 'invite', '--email', 'auditrice@example.fr', '--role', 'auditor'] },
  },
  {
    command: 'staff list',
    recorded: records('staff.listed'),
    run: { args: () => ['staff', 'list'] },
  },
  {
    command: 'staff suspend',
    recorded: records('staff.listed', 'staff.suspended'),
    // Of the demo, which `prepare` has loaded.
    run: { args: () => ['staff', 'suspend', 'auditrice@sceau.localhost'] },
  },
  {
    command: 'staff resume',
    recorded: records('staff.listed', 'staff.resumed'),
    run: { args: () => ['staff', 'resume', 'auditrice@sceau.localhost'] },
  },
  {
    command: 'staff remove',
    recorded: records('staff.listed', 'staff.removed'),
    run: { args: () => ['staff', 'remove', 'auditrice@sceau.localhost'] },
  },
  {
    command: 'recovery list',
    recorded: nothing('Ids, statuses and times: no address and no sealed field.'),
    run: { args: () => ['recovery', 'list'] },
  },
  {
    command: 'recovery approve',
    recorded: records('recovery.approved'),
    run: { seenBy: 'test/integration/identity/recovery-command.spec.ts' },
  },
  {
    command: 'recovery refuse',
    recorded: records('recovery.refused'),
    run: { seenBy: 'test/integration/identity/recovery-command.spec.ts' },
  },
  {
    command: 'candidate erase',
    recorded: records('candidate.looked_up', 'candidate.erased'),
    run: { seenBy: 'test/integration/privacy/erasure.spec.ts' },
  },
  {
    command: 'webhooks dead',
    recorded: nothing('Ids, times and codes of what agencies were not told of; no address is opened.'),
    run: { args: () => ['webhooks', 'dead'] },
  },
  {
    command: 'webhooks replay',
    recorded: records('webhook.replayed'),
    run: { seenBy: 'test/integration/webhooks/dead-letters.spec.ts' },
  },
  ...INCIDENT_COMMANDS,
  {
    command: 'sessions end',
    recorded: records('session.terminated', 'session.ended'),
    run: { seenBy: 'test/integration/identity/session-termination.spec.ts' },
  },
  {
    command: 'sessions end-all',
    recorded: records('session.terminated', 'session.ended'),
    run: { seenBy: 'test/integration/identity/session-termination.spec.ts' },
  },
  {
    command: 'records readmit',
    recorded: nothing(
      'There is nothing to readmit in a new installation; each readmission is an entry of its own.',
    ),
    run: { args: () => ['records', 'readmit'] },
  },
  {
    command: 'keys status',
    recorded: nothing('It counts keys by version and opens none.'),
    run: { args: () => ['keys', 'status'] },
  },
  {
    command: 'keys rotate',
    recorded: records('key.master_rotated'),
    run: { args: () => ['keys', 'rotate'] },
  },
  {
    command: 'keys rewrap',
    recorded: records('key.rewrapped'),
    run: { args: () => ['keys', 'rewrap'] },
  },
  {
    command: 'keys retire',
    recorded: records('key.master_retired'),
    run: { seenBy: 'test/integration/sealing/rotation-master.spec.ts' },
  },
  {
    command: 'ledger status',
    recorded: nothing('It shows the size of the tree and its signed head, which are public.'),
    run: { args: () => ['ledger', 'status'] },
  },
  {
    command: 'ledger verify',
    // Only what it finds: it recomputes hashes and shows no entry, and must work over a ledger that cannot be written.
    recorded: records('ledger.verification_failed'),
    run: { seenBy: 'test/integration/ledger/command.spec.ts' },
  },
  {
    command: 'ledger export',
    recorded: records('audit.exported'),
    run: { seenBy: 'test/integration/ledger/command.spec.ts' },
  },
  {
    command: 'ledger retain',
    recorded: records('ledger.month_dropped'),
    run: { seenBy: 'test/integration/ledger/retain.spec.ts' },
  },
  {
    command: 'ledger epoch',
    recorded: records('ledger.epoch_opened'),
    run: { seenBy: 'test/integration/ledger/command.spec.ts' },
  },
];
