import { Command, Option, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import { type AgencyId, parseId } from '../../kernel/ids.js';
import { DeadLetters, type DeliveryId } from '../../modules/webhooks/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

interface DeadOptions {
  readonly agency?: AgencyId;
}

@SubCommand({ name: 'dead', description: 'The newest hundred events that agencies could not be told of' })
class WebhooksDeadCommand extends StrictCommand {
  override async run(_: string[], { agency }: DeadOptions): Promise<void> {
    await withRooms(async (rooms) => {
      const dead = await rooms.get(DeadLetters, { strict: false }).list(agency);
      for (const { id, agencyId, type, at, attempts, lastOutcome } of dead)
        process.stdout.write(
          `${id}  agency ${agencyId}  ${type}  ${at.toISOString()}  ${attempts} attempts, ${lastOutcome ?? 'none made'}\n`,
        );
      process.stdout.write(`${dead.length} given up.\n`);
    });
  }

  @Option({ flags: '--agency <id>', description: 'Of this agency only' })
  parseAgency(text: string): AgencyId {
    const id = parseId<AgencyId>(text);
    if (id === undefined) throw new Failure('invalid_request', { detail: 'Name an agency by its id.' });
    return id;
  }
}

@SubCommand({ name: 'replay', arguments: '<id>', description: 'Send one of these again' })
class WebhooksReplayCommand extends StrictCommand {
  override async run([text = '']: string[]): Promise<void> {
    const id = parseId<DeliveryId>(text);
    if (id === undefined)
      throw new Failure('invalid_request', { detail: 'Name a delivery by its id: see `webhooks dead`.' });
    await withRooms((rooms) =>
      rooms.get(DeadLetters, { strict: false }).replay(commandContext('webhooks.replay'), id),
    );
    process.stdout.write('It is sent again.\n');
  }
}

@Command({
  name: 'webhooks',
  description: 'What agencies could not be told of',
  subCommands: [WebhooksDeadCommand, WebhooksReplayCommand],
})
export class WebhooksCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
