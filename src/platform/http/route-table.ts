import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

interface Route {
  readonly methods: readonly string[];
  readonly url: string;
  readonly matches: RegExp;
}

/** Every route that is served, so that a wrong method can be told from an unknown path (RFC 9110 §15.5.6). */
@Injectable()
export class RouteTable {
  readonly #routes: Route[] = [];

  /** Watches the routes being added; call before the first one is. */
  watch(instance: FastifyInstance): void {
    instance.addHook('onRoute', ({ method, url }) => {
      const pattern = url
        .split('/')
        .map((segment) =>
          segment.startsWith(':') ? '[^/]+' : segment === '*' ? '.*' : RegExp.escape(segment),
        )
        .join('/');
      this.#routes.push({ methods: [method].flat(), url, matches: new RegExp(`^${pattern}$`) });
    });
  }

  /** The methods served at the path of a URL, sorted; empty when there is no such path. */
  methodsAt(url: string): readonly string[] {
    const path = url.split('?')[0] ?? '';
    const methods = this.#routes
      .filter((route) => route.matches.test(path))
      .flatMap((route) => route.methods);
    return [...new Set(methods)].toSorted();
  }
}
