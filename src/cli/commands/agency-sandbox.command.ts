import { Option, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import { type AgencyId, parseId } from '../../kernel/ids.js';
import { withProgress } from '../progress.js';
import { commandContext, withRooms } from '../rooms.js';
import { fillSandbox } from '../sandbox/fill-sandbox.js';
import { StrictCommand } from '../strict-command.js';

const MOST_APPLICATIONS = 10_000;

interface FillOptions {
  readonly applications: number;
}

@SubCommand({
  name: 'sandbox-fill',
  description: 'Add synthetic applications to an agency that is a sandbox',
  arguments: '<agency>',
})
export class AgencySandboxFillCommand extends StrictCommand {
  override async run([agency = '']: string[], { applications }: FillOptions): Promise<void> {
    const id = parseId<AgencyId>(agency);
    if (id === undefined) throw new Failure('invalid_request', { detail: 'An id is a UUIDv7.' });
    await withRooms((rooms) =>
      withProgress('Applications', process.stderr, (report) =>
        fillSandbox(rooms, commandContext('agency.sandbox-fill'), id, applications, report),
      ),
    );
    process.stdout.write(`${applications} synthetic application(s) submitted.\n`);
  }

  @Option({
    flags: '--applications <count>',
    description: `how many, 1 to ${MOST_APPLICATIONS}`,
    required: true,
  })
  parseApplications(value: string): number {
    const count = /^\d{1,5}$/.test(value) ? Number(value) : 0;
    if (count < 1 || count > MOST_APPLICATIONS)
      throw new Failure('invalid_request', { detail: `Give a number from 1 to ${MOST_APPLICATIONS}.` });
    return count;
  }
}
