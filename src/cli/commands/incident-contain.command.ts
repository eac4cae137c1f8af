import { Option, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import {
  Containment,
  type ContainmentPlan,
  type ContainmentStep,
  IncidentOrders,
} from '../../modules/incidents/index.js';
import { withProgress } from '../progress.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { describeAwaited, readIncident } from './incident-words.js';

const FLAGS: Readonly<Record<ContainmentStep, string>> = {
  clients: '--suspend-clients',
  budgets: '--tighten-budgets',
  sessions: '--end-sessions',
  keys: '--rotate-subject-keys',
};

interface ContainOptions {
  readonly suspendClients?: boolean;
  readonly tightenBudgets?: boolean;
  readonly endSessions?: boolean;
  readonly rotateSubjectKeys?: boolean;
  readonly dryRun?: boolean;
  readonly confirm?: string;
}

@SubCommand({
  name: 'contain',
  arguments: '<incident>',
  description:
    'Cut off whoever did it and renew the keys of everybody affected: all of it, or the steps that are named. Without --confirm it says what it would do and does nothing. Goes on where it was killed',
})
export class IncidentContainCommand extends StrictCommand {
  override async run([text]: string[], options: ContainOptions): Promise<void> {
    const id = readIncident(text);
    const { confirm, dryRun = false } = options;
    if (confirm !== undefined && confirm !== id)
      throw new Failure('conflict', { detail: 'That is not the id of this incident.' });
    const steps = stepsOf(options);
    await withRooms(async (rooms, settings) => {
      const containment = rooms.get(Containment, { strict: false });
      const context = commandContext('incident.contain');
      const plan = await containment.plan(context, id, steps);
      process.stdout.write(describePlan(plan));
      if (dryRun || confirm === undefined) {
        const words = ['sceau incident contain', id, ...steps.map((step) => FLAGS[step]), '--confirm', id];
        process.stdout.write(`Nothing was done. To do it:\n  ${words.join(' ')}\n`);
        return;
      }
      if (plan.candidates.length > 0)
        process.stderr.write(
          `Requests in flight are waited for twice: ${settings.keyring.drainSeconds} s each.\n`,
        );
      const { clients, agencies, people, keys, keysLeft, awaited } = await withProgress(
        'Renewing',
        process.stderr,
        (report) => rooms.get(IncidentOrders, { strict: false }).containAtOnce(context, id, steps, report),
      );
      process.stdout.write(
        `Done: ${clients} client(s) suspended, ${agencies} budget(s) tightened, sessions of ${people} people ended, ${keys} key(s) renewed.\n`,
      );
      if (awaited > 0)
        process.stderr.write(
          describeAwaited(awaited, 'who else acted or is affected is not known: run it again'),
        );
      if (keysLeft > 0)
        process.stdout.write(
          `${keysLeft} key(s) are not renewed: run it again, and see sceau keys status.\n`,
        );
      if (awaited + keysLeft > 0) process.exitCode = 1;
    });
  }

  @Option({
    flags: '--suspend-clients',
    description: 'suspend the clients by which it was done, and those that the criteria name',
  })
  parseSuspendClients(): boolean {
    return true;
  }

  @Option({
    flags: '--tighten-budgets',
    description: 'let the agencies of these clients read a few candidates a day, for thirty days at least',
  })
  parseTightenBudgets(): boolean {
    return true;
  }

  @Option({ flags: '--end-sessions', description: 'end the sessions of the people by whom it was done' })
  parseEndSessions(): boolean {
    return true;
  }

  @Option({ flags: '--rotate-subject-keys', description: 'renew the keys of the candidates affected' })
  parseRotateSubjectKeys(): boolean {
    return true;
  }

  @Option({ flags: '--dry-run', description: 'only say what it would do' })
  parseDryRun(): boolean {
    return true;
  }

  @Option({ flags: '--confirm <id>', description: 'the id of the incident once more' })
  parseConfirm(value: string): string {
    return value;
  }
}

function stepsOf(options: ContainOptions): ContainmentStep[] {
  const { suspendClients, tightenBudgets, endSessions, rotateSubjectKeys } = options;
  return [
    ...(suspendClients === true ? (['clients'] as const) : []),
    ...(tightenBudgets === true ? (['budgets'] as const) : []),
    ...(endSessions === true ? (['sessions'] as const) : []),
    ...(rotateSubjectKeys === true ? (['keys'] as const) : []),
  ];
}

const describePlan = ({
  clients,
  idleClients,
  agencies,
  people,
  candidates,
  awaited,
}: ContainmentPlan): string =>
  [
    `Clients to be suspended: ${clients.length}`,
    ...clients.map(
      (id) => `  ${id}${idleClients.includes(id) ? '  named by the criteria, has done nothing yet' : ''}`,
    ),
    `Agencies whose budgets are to be tightened: ${agencies.length}`,
    ...agencies.map((id) => `  ${id}`),
    `People whose sessions are to be ended: ${people.length}`,
    ...people.map((id) => `  ${id}`),
    `Candidates whose keys are to be renewed: ${candidates.length}`,
    ...(awaited === 0 ? [] : [describeAwaited(awaited, 'they are in no list').trimEnd()]),
    '',
  ].join('\n');
