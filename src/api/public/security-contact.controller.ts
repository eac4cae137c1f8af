import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Clock } from '../../kernel/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { Produces } from '../../platform/http/index.js';

const VALID_MS = 180 * 24 * 3_600_000;

/** How to report a weakness (RFC 9116). */
@ApiTags('Operations')
@Controller('.well-known')
export class SecurityContactController {
  readonly #settings: Settings;
  readonly #clock: Clock;

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  @Get('security.txt')
  @Produces('text/plain')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({ summary: 'Whom to tell about a weakness (RFC 9116)' })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  read(): string {
    const { publicUrl } = this.#settings;
    const contact = `mailto:securite@${new URL(publicUrl).hostname}`;
    const expires = new Date(this.#clock.now().getTime() + VALID_MS).toISOString();
    return `Contact: ${contact}\nExpires: ${expires}\nPreferred-Languages: fr, en\nCanonical: ${publicUrl}/.well-known/security.txt\n`;
  }
}
