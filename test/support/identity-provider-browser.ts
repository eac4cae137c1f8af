/** As much of a browser as a federation needs: cookies by origin, and redirects that are looked at. */
export class TestBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Keeps the cookies of an answer that somebody else has asked for. */
  keep(url: string, headers: Headers): void {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    for (const line of headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      const value = pair.slice(at + 1);
      if (value === '') jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), value);
    }
  }

  cookieHeader(url: string): Record<string, string> {
    const jar = this.#cookies.get(new URL(url).origin);
    if (jar === undefined || jar.size === 0) return {};
    return { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  async open(url: string): Promise<Response> {
    const response = await fetch(url, { redirect: 'manual', headers: this.cookieHeader(url) });
    this.keep(url, response.headers);
    return response;
  }

  /** Goes where it is sent until it is sent to an address that begins so. @returns that address */
  async follow(url: string, until: string): Promise<string> {
    let next = url;
    for (let step = 0; step < 12; step += 1) {
      const response = await this.open(next);
      const location = response.headers.get('location');
      if (location === null)
        throw new Error(`${next} leads nowhere: ${response.status} ${await response.text()}`);
      next = new URL(location, next).href;
      if (next.startsWith(until)) return next;
    }
    throw new Error('The way has no end.');
  }
}
