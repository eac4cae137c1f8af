import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import type { Randomness } from '../../kernel/randomness.js';
import type { LedgerSettings } from '../../platform/config/settings.js';
import type { SinkSettings } from '../../platform/config/sink-urls.js';
import { FolderSink } from './folder-sink.js';
import type { Sink } from './sink.js';
import { SyslogSink } from './syslog-sink.js';
import { WitnessSink } from './witness-sink.js';

/** The sinks that are configured, by their names. */
export async function openSinks(
  { sinks: { targets, objectStoreKey }, stateDirectory }: LedgerSettings,
  clock: Clock,
  randomness: Randomness,
): Promise<ReadonlyMap<string, Sink>> {
  // Two of them have large clients; whoever has no use for these does not load them.
  const open = async (target: SinkSettings): Promise<Sink> => {
    switch (target.kind) {
      case 'folder':
        return new FolderSink(target);
      case 'syslog':
        return new SyslogSink(target);
      case 'witness':
        return new WitnessSink(target, clock);
      case 'timeStamps': {
        const { TimeStampSink } = await import('./time-stamp-sink.js');
        return new TimeStampSink(target, join(stateDirectory, 'time-stamps'), randomness);
      }
      case 'objects': {
        const { ObjectStoreSink } = await import('./object-store-sink.js');
        return new ObjectStoreSink(target, objectStoreKey, clock);
      }
    }
  };
  const sinks = await Promise.all(targets.map(open));
  return new Map(sinks.map((sink) => [sink.name, sink]));
}
