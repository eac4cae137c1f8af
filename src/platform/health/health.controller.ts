import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, type HealthCheckResult, TypeOrmHealthIndicator } from '@nestjs/terminus';
import { Failure } from '../../kernel/errors.js';
import { ReadinessChecks } from './readiness.js';

/** For the machine that runs the process: is it alive, may it get traffic. */
@ApiTags('Operations')
@Controller('health')
export class HealthController {
  readonly #health: HealthCheckService;
  readonly #database: TypeOrmHealthIndicator;
  readonly #checks: ReadinessChecks;

  constructor(health: HealthCheckService, database: TypeOrmHealthIndicator, checks: ReadinessChecks) {
    this.#health = health;
    this.#database = database;
    this.#checks = checks;
  }

  @Get('live')
  @ApiOperation({ summary: 'Whether the process runs' })
  @ApiOkResponse({ schema: { type: 'object', example: { status: 'ok' } } })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether database, ledger and keys can be reached' })
  @ApiOkResponse({ schema: { type: 'object', example: { status: 'ok' } } })
  @ApiServiceUnavailableResponse()
  async ready(): Promise<{ status: 'ok' }> {
    let result: HealthCheckResult;
    try {
      result = await this.#health.check([
        () => this.#database.pingCheck('database').withTimeout(1_000),
        ...this.#checks.all(),
      ]);
    } catch (cause) {
      throw new Failure('service_unavailable', { cause });
    }
    if (result.status !== 'ok')
      throw new Failure('service_unavailable', { privateDetail: 'a readiness check failed' });
    return { status: 'ok' };
  }
}
