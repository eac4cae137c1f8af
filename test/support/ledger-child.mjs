import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { NestFactory } from '@nestjs/core';
import { newId } from '../../dist/kernel/ids.js';
import {
  formatProof,
  Ledger,
  LedgerModule,
  OriginHasher,
  Sequencer,
  SequencerModule,
  TreeReader,
} from '../../dist/ledger/index.js';
import { StateFile } from '../../dist/ledger/sequence/state-file.js';
import { TreeStore } from '../../dist/ledger/sequence/tree-store.js';
import { ConfigModule } from '../../dist/platform/config/config.module.js';
import { Settings } from '../../dist/platform/config/settings.js';
import { DatabaseModule } from '../../dist/platform/database/database.module.js';
import { HealthModule } from '../../dist/platform/health/health.module.js';
import { LoggingModule } from '../../dist/platform/logging/logging.module.js';

/**
 * One real process of the ledger: appends or sequences, and can be made to die at a chosen step of a batch.
 * It is started with `fork` and one argument, the settings in JSON, and does what messages tell it.
 */
class TestOrigins {
  hash(text) {
    return Promise.resolve(createHmac('sha256', 'known to tests only').update(text).digest('base64url'));
  }
}

/** What stands for a module of Nest where there are no decorators. */
class Wiring {
  is = 'wiring';
}
class Process {
  is = 'process';
}

function start(settings) {
  const wiring = {
    module: Wiring,
    global: true,
    providers: [{ provide: OriginHasher, useClass: TestOrigins }],
    exports: [OriginHasher],
  };
  const root = {
    module: Process,
    imports: [
      ConfigModule.with(new Settings(settings)),
      LoggingModule,
      DatabaseModule,
      HealthModule,
      wiring,
      LedgerModule,
      SequencerModule,
    ],
  };
  return NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
}

/** What dies or stops there, once it is told to. */
let ending;

function endAt(step) {
  if (ending?.step !== step) return;
  const { signal } = ending;
  ending = undefined;
  process.kill(process.pid, signal);
}

/** Does something before and after a step of the real sequencer. */
function around(type, method, before, after) {
  const original = type.prototype[method];
  type.prototype[method] = async function watched(...args) {
    before(...args);
    const result = await original.apply(this, args);
    after(...args);
    return result;
  };
}

const watch = (type, method, step) =>
  around(
    type,
    method,
    () => endAt(`before ${step}`),
    () => endAt(`after ${step}`),
  );

watch(TreeStore, 'move', 'the insertion');
watch(TreeStore, 'moveHead', 'the move of the head');
watch(StateFile, 'write', 'the state file');
watch(TreeStore, 'publish', 'the publication');
watch(TreeStore, 'keepCheckpoint', 'the keeping of the checkpoint');
const { rename } = fs;
fs.rename = async (from, to) => {
  if (String(to).endsWith('tree-state.json')) endAt('half of the state file');
  await rename(from, to);
};
syncBuiltinESMExports();
around(
  TreeStore,
  'declare',
  () => undefined,
  (refusal) => process.send({ elected: refusal === undefined }),
);

function reading() {
  const now = Date.now();
  return {
    action: 'application.disclosed',
    context: {
      requestId: newId(now),
      actor: { kind: 'agency', agencyId: newId(now), clientId: newId(now), scopes: [] },
      locale: 'fr',
      address: '192.0.2.77',
    },
    purpose: 'review',
    resource: newId(now),
    subjects: [{ candidate: newId(now), fields: ['motivation'] }],
  };
}

/** As a process under load: so many at once, again and again; a refusal is answered by the next attempt. */
async function append({ ledger, tree }, { times, atOnce, acknowledgement }) {
  let left = times;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      try {
        const { entryId } = await ledger.append(reading(), acknowledgement);
        const proof = acknowledgement === 'sequenced' ? await tree.proof(entryId) : undefined;
        process.send({
          acknowledged: entryId,
          ...(proof && {
            entry: proof.envelope.toString('base64'),
            proof: formatProof({ ...proof, checkpoint: proof.checkpoint.note }),
          }),
        });
      } catch (error) {
        process.send({ refused: error.code ?? error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  process.send({ appended: times });
}

const context = await start(JSON.parse(process.argv[2]));
const rooms = { ledger: context.get(Ledger), tree: context.get(TreeReader) };
process.on('message', (message) => {
  if (message.append) void append(rooms, message.append);
  if (message.sequence) void context.get(Sequencer).start();
  if (message.end) ending = message.end;
  if (message.stop) void context.close().then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
process.send({ ready: true });
