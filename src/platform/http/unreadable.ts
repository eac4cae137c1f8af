import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.js';
import { Failure, systemCode } from '../../kernel/errors.js';
import { problemDocument } from './problem.filter.js';
import { exchangeOf, standingHeaders } from './request.hooks.js';

/**
 * Answers what never becomes a request of the application, in the form of every other refusal: a path that is not
 * one (RFC 3986 §2.1), or bytes that are not HTTP.
 */
export class UnreadableRequests {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const exchange = exchangeOf(request.headers, this.#clock);
    const problem = problemDocument(new Failure('malformed_request'), exchange);
    const headers = {
      ...standingHeaders(exchange),
      'cache-control': 'no-store',
      'content-type': 'application/problem+json; charset=utf-8',
    };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.statusCode = problem.status;
    response.end(JSON.stringify(problem));
  }

  /** Node has given up on a connection: one last answer, if it can still be written, and the end of it. */
  answerConnection(error: Error, socket: Socket): void {
    if (systemCode(error) === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const request = new IncomingMessage(socket);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.destroySoon());
    try {
      response.assignSocket(socket);
    } catch {
      // An earlier request of this connection is still being answered: a second answer would be taken for its own.
      socket.destroy();
      return;
    }
    this.answer(request, response);
  }
}
