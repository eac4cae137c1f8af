import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SystemClock } from '../kernel/clock.js';
import type { RequestContext, SystemActor } from '../kernel/context.js';
import { ownContext } from '../kernel/own-context.js';
import { readLocalSettings } from '../platform/config/preparation.js';
import type { Settings } from '../platform/config/settings.js';
import { RoomsModule } from '../rooms.module.js';

/** What a ledger entry calls the command behind it. */
type CommandName =
  | 'demo'
  | `${'agency' | 'budget' | 'canary' | 'candidate' | 'incident' | 'keys' | 'ledger' | 'records' | 'recovery' | 'sessions' | 'staff' | 'webhooks'}.${string}`;

/** Opens the product's rooms for one command and closes them afterwards, whatever happens. */
export async function withRooms<T>(
  work: (rooms: INestApplicationContext, settings: Settings) => Promise<T>,
): Promise<T> {
  const settings = await readLocalSettings();
  const rooms = await NestFactory.createApplicationContext(RoomsModule.with(settings), {
    logger: false,
    abortOnError: false,
  });
  try {
    return await work(rooms, settings);
  } finally {
    await rooms.close();
  }
}

/**
 * The context of a command: the product itself acts, by the operator's hand.
 * @param name stands in the ledger as the actor, in which there is no free text
 */
export function commandContext(name: CommandName): RequestContext<SystemActor> {
  return ownContext(name, new SystemClock().now());
}
