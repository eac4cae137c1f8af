import { randomBytes, createSecretKey, type KeyObject } from 'node:crypto';
import {
  Body,
  Controller,
  Get,
  Global,
  type INestApplication,
  Module,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock } from '../../../src/kernel/clock.js';
import type { Actor } from '../../../src/kernel/context.js';
import { newId } from '../../../src/kernel/ids.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import type { Settings } from '../../../src/platform/config/settings.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { HttpKeys } from '../../../src/platform/http/http-keys.js';
import { LimitJournal } from '../../../src/platform/http/limit-journal.js';
import { HttpModule } from '../../../src/platform/http/http.module.js';
import { AnswerVault } from '../../../src/platform/http/idempotency/answer-vault.js';
import {
  Cacheable,
  CursorCodec,
  Idempotent,
  IfMatch,
  Page,
  PageQuery,
  PathId,
  requireRevision,
  type SeenRevisions,
  withRevision,
} from '../../../src/platform/http/index.js';
import { ListOf, Text, WholeNumber } from '../../../src/platform/http/fields.js';
import { addJsonParsers } from '../../../src/platform/http/json-body.js';
import { addRequestHooks } from '../../../src/platform/http/request.hooks.js';
import { RouteTable } from '../../../src/platform/http/route-table.js';
import { Logger } from '../../../src/platform/logging/logger.js';
import { LoggingModule } from '../../../src/platform/logging/logging.module.js';

class Line {
  @Text({ max: 10, example: 'a' })
  readonly text: string;
}

class Note {
  @Text({ max: 20, example: 'bonjour' })
  readonly title: string;

  @WholeNumber({ min: 1, max: 5, optional: true, nullable: true })
  readonly rank?: number | null;

  @ListOf(() => Line, { max: 2, optional: true })
  readonly lines?: Line[];
}

let handled = 0;

/** How many notes were created, however many answers say so. */
export const handledSoFar = (): number => handled;

@Controller('notes')
class NotesController {
  readonly #cursors: CursorCodec;

  constructor(cursors: CursorCodec) {
    this.#cursors = cursors;
  }

  @Get()
  @Cacheable(60)
  list(@Query() query: PageQuery): Page<number> {
    const from = query.cursor === undefined ? 0 : Number(this.#cursors.decode('notes', query.cursor)[0]);
    const next = from + query.limit;
    return new Page([from], next > 60 ? null : this.#cursors.encode('notes', [String(next)]));
  }

  @Get(':id')
  one(@PathId() id: string): unknown {
    return withRevision({ id }, 3);
  }

  @Post()
  @Idempotent()
  create(@Body() note: Note): unknown {
    handled += 1;
    return withRevision({ title: note.title, handled }, 1);
  }

  @Post('submit')
  @Idempotent({ required: true })
  submit(): unknown {
    throw new Error('select * from secret where email = "camille@example.fr"');
  }

  @Patch(':id')
  change(@PathId() id: string, @IfMatch() seen: SeenRevisions, @Body() note: Note): unknown {
    requireRevision(3, seen);
    return { id, title: note.title };
  }
}

class PlainVault extends AnswerVault {
  override seal(_: Actor, __: string, answer: Buffer): Promise<Buffer> {
    return Promise.resolve(Buffer.concat([Buffer.from([0xc5, 1]), Buffer.alloc(96), answer]));
  }

  override open(_: unknown, __: string, sealed: Buffer): Promise<Buffer> {
    return Promise.resolve(sealed.subarray(98));
  }
}

class FixedKeys extends HttpKeys {
  readonly #key = createSecretKey(randomBytes(32));

  override cursor(): Promise<KeyObject> {
    return Promise.resolve(this.#key);
  }

  override origin(): Promise<KeyObject> {
    return Promise.resolve(this.#key);
  }

  override idempotency(): Promise<KeyObject> {
    return Promise.resolve(this.#key);
  }
}

@Global()
@Module({
  providers: [
    { provide: HttpKeys, useClass: FixedKeys },
    { provide: LimitJournal, useValue: { reached: () => Promise.resolve() } },
    { provide: AnswerVault, useClass: PlainVault },
  ],
  exports: [HttpKeys, LimitJournal, AnswerVault],
})
class Wiring {}

/** A small application that uses every convention, and nothing else of the product. */
export async function startNotes(settings: Settings): Promise<INestApplication> {
  @Module({
    imports: [ConfigModule.with(settings), LoggingModule, DatabaseModule, Wiring, HttpModule],
    controllers: [NotesController],
  })
  class Notes {}
  const adapter = new FastifyAdapter({ bodyLimit: 1_000 });
  const app = await NestFactory.create<NestFastifyApplication>(Notes, adapter, {
    bodyParser: false,
    logger: false,
  });
  const instance = adapter.getInstance();
  app.get(RouteTable).watch(instance);
  addRequestHooks(instance, app.get(Clock), app.get(Logger));
  addJsonParsers(instance);
  const accountId = newId<'account'>(Date.now());
  instance.addHook('onRequest', (incoming, _, done) => {
    incoming.user = {
      kind: 'operator',
      accountId,
      sessionId: newId<'session'>(0),
      sessionRevision: 1,
      limitedTo: null,
      secondFactorAt: new Date(),
    };
    done();
  });
  await app.init();
  await instance.ready();
  return app;
}
