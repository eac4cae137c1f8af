import type { Clock } from '../../kernel/clock.js';
import type { SinksSettings } from '../../platform/config/settings.js';
import type { SinkSettings } from '../../platform/config/sink-urls.js';
import { FolderSink } from './folder-sink.js';
import type { Sink } from './sink.js';
import { SyslogSink } from './syslog-sink.js';
import { WitnessSink } from './witness-sink.js';

/** The sinks that are configured, by their names. */
export async function openSinks(
  { targets, objectStoreKey }: SinksSettings,
  clock: Clock,
): Promise<ReadonlyMap<string, Sink>> {
  const open = async (target: SinkSettings): Promise<Sink> => {
    switch (target.kind) {
      case 'folder':
        return new FolderSink(target);
      case 'syslog':
        return new SyslogSink(target);
      case 'witness':
        return new WitnessSink(target, clock);
      case 'objects': {
        // The client is large; whoever has no object store does not load it.
        const { ObjectStoreSink } = await import('./object-store-sink.js');
        return new ObjectStoreSink(target, objectStoreKey, clock);
      }
    }
  };
  const sinks = await Promise.all(targets.map(open));
  return new Map(sinks.map((sink) => [sink.name, sink]));
}
