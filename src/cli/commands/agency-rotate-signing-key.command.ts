import { Option, SubCommand } from 'nest-commander';
import { DEFAULT_OVERLAP_HOURS, SigningKeys } from '../../modules/agencies/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

interface RotationOptions {
  readonly overlapHours?: number;
}

@SubCommand({
  name: 'rotate-signing-key',
  description:
    'Renew the signing key of the authorization server; the one before stays published for a while',
})
export class AgencyRotateSigningKeyCommand extends StrictCommand {
  override async run(_: string[], { overlapHours = DEFAULT_OVERLAP_HOURS }: RotationOptions): Promise<void> {
    const { kid, retiresAt } = await withRooms((rooms) =>
      rooms
        .get(SigningKeys, { strict: false })
        .rotate(commandContext('agency.rotate_signing_key'), overlapHours),
    );
    process.stdout.write(
      `Signing key made: ${kid}. Every process has it within a minute; the others are published until ${retiresAt.toISOString()}.\n`,
    );
  }

  @Option({
    flags: '--overlap-hours <hours>',
    description: `how long the keys before are published (${DEFAULT_OVERLAP_HOURS})`,
  })
  parseOverlap(value: string): number {
    return Number(value);
  }
}
