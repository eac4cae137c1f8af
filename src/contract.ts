import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { OAUTH_PATHS } from './api/oauth/index.js';
import { AppModule } from './app.module.js';
import { readEnvironment } from './platform/config/environment.js';
import { describeContract } from './platform/http/documentation/contract.js';
import { VERSION } from './version.js';

/** Never connected to: describing the routes opens nothing. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/none';

/** The contract without a running system: Nest's preview mode knows every route and builds no provider. */
export async function contractOf(): Promise<OpenAPIObject> {
  const settings = readEnvironment({
    DATABASE_APP_URL: NOWHERE,
    DATABASE_AUDITOR_URL: NOWHERE,
    DATABASE_SEQUENCER_URL: NOWHERE,
  });
  const app = await NestFactory.create(AppModule.with(settings), new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return describeContract(app, VERSION, OAUTH_PATHS);
}
