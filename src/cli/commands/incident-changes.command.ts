import { Option, SubCommand } from 'nest-commander';
import { type Criteria, Impact, Incidents } from '../../modules/incidents/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { readMoment } from './agency-words.js';
import { describeImpact, readIncident } from './incident-words.js';

interface OpenOptions extends Criteria {
  readonly title: string;
  readonly noticed?: string;
}

@SubCommand({
  name: 'open',
  description:
    'Open an incident from what is known of it, and say whose data it affects. Every criterion that is named has to hold of an access for it to count',
})
export class IncidentOpenCommand extends StrictCommand {
  override async run(_: string[], { title, noticed, ...criteria }: OpenOptions): Promise<void> {
    const known = noticed === undefined ? {} : { noticedAt: readMoment(noticed) };
    await withRooms(async (rooms) => {
      const context = commandContext('incident.open');
      const incidents = rooms.get(Incidents, { strict: false });
      const { id } = await incidents.open(context, { title, criteria, ...known });
      process.stdout.write(`Incident opened: ${id}\n`);
      process.stdout.write(describeImpact(await rooms.get(Impact, { strict: false }).total(context, id)));
    });
  }

  @Option({ flags: '--title <text>', description: 'what people call it; names nobody', required: true })
  parseTitle(value: string): string {
    return value;
  }

  @Option({ flags: '--noticed <moment>', description: 'when somebody knew of it; now, unless told' })
  parseNoticed(value: string): string {
    return value;
  }

  @Option({ flags: '--client <id>', description: 'an OAuth client' })
  parseClient(value: string): string {
    return value;
  }

  @Option({ flags: '--agency <id>', description: 'an agency' })
  parseAgency(value: string): string {
    return value;
  }

  @Option({ flags: '--session <id>', description: 'a person’s session' })
  parseSession(value: string): string {
    return value;
  }

  @Option({ flags: '--key <thumbprint>', description: 'the key that a program has shown (RFC 7638)' })
  parseKey(value: string): string {
    return value;
  }

  @Option({
    flags: '--origin <address>',
    description: 'an IP address, a network (/24 or /48), or the keyed hash of either as the ledger has it',
  })
  parseOrigin(value: string): string {
    return value;
  }

  @Option({ flags: '--actor <id>', description: 'the account or client that acted' })
  parseActor(value: string): string {
    return value;
  }

  @Option({ flags: '--from <moment>', description: 'from when on, such as 2026-11-30T08:00:00Z' })
  parseFrom(value: string): string {
    return value;
  }

  @Option({ flags: '--to <moment>', description: 'until when; until it is closed, unless told' })
  parseTo(value: string): string {
    return value;
  }
}

interface CloseOptions {
  readonly conclusion: string;
  readonly toldOtherwise?: boolean;
  readonly leaveUntold?: boolean;
}

@SubCommand({ name: 'close', arguments: '<incident>', description: 'Close an incident with what it came to' })
export class IncidentCloseCommand extends StrictCommand {
  override async run([text]: string[], closing: CloseOptions): Promise<void> {
    const id = readIncident(text);
    await withRooms((rooms) =>
      rooms.get(Incidents, { strict: false }).close(commandContext('incident.close'), id, closing),
    );
    process.stdout.write('Incident closed.\n');
  }

  @Option({
    flags: '--conclusion <text>',
    description: 'facts, effects and remedies (GDPR article 33(5)); names nobody',
    required: true,
  })
  parseConclusion(value: string): string {
    return value;
  }

  @Option({
    flags: '--told-otherwise',
    description: 'whoever could not be reached by mail has been told in another way',
  })
  parseToldOtherwise(): boolean {
    return true;
  }

  @Option({
    flags: '--leave-untold',
    description:
      'close it though people have not been told: no mail is written to them, and only their access history shows it',
  })
  parseLeaveUntold(): boolean {
    return true;
  }
}
