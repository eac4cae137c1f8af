/** The connection of `run-pg-dump.mjs`, on a thread of its own: each message is answered once the server waits for the next. */
import { connect } from 'node:net';
import { workerData } from 'node:worker_threads';

/** After which the server says something by itself: a query, a password, a synchronisation, a call of a function. */
const ASKING = new Set(['Q', 'p', 'S', 'F'].map((letter) => letter.charCodeAt(0)));
const [READY, AUTHENTICATION, TERMINATION] = ['Z', 'R', 'X'].map((letter) => letter.charCodeAt(0));
/** Kinds of authentication after which the server waits for the client: password in clear, MD5, SASL and its next step. */
const CHALLENGES = new Set([3, 5, 10, 11]);

const { host, port, answered, link } = workerData;
const socket = connect({ host, port });
let [said, heard] = [Buffer.alloc(0), Buffer.alloc(0)];
let answer = [];
let hasStarted = false;

function give() {
  const all = new Uint8Array(Buffer.concat(answer));
  link.postMessage(all, [all.buffer]);
  answer = [];
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
}

/** Takes the whole messages off what was said. @returns whether one of them is answered */
function isAsked() {
  let asked = false;
  for (;;) {
    // The first message has no letter.
    const start = hasStarted ? 1 : 0;
    const length = said.length < start + 4 ? Infinity : start + said.readInt32BE(start);
    if (said.length < length) return asked;
    const [kind] = said;
    asked ||= !hasStarted || ASKING.has(kind);
    if (hasStarted && kind === TERMINATION) socket.end();
    hasStarted = true;
    said = said.subarray(length);
  }
}

link.on('message', (bytes) => {
  socket.write(bytes);
  said = Buffer.concat([said, bytes]);
  if (!isAsked() || socket.destroyed) give();
});

socket.on('data', (bytes) => {
  heard = Buffer.concat([heard, bytes]);
  while (heard.length >= 5 && heard.length > heard.readInt32BE(1)) {
    const message = heard.subarray(0, 1 + heard.readInt32BE(1));
    heard = heard.subarray(message.length);
    answer.push(message);
    const [kind] = message;
    if (kind === READY || (kind === AUTHENTICATION && CHALLENGES.has(message.readInt32BE(5)))) give();
  }
});

// To pg_dump it is a server that has gone, and it says so.
socket.on('error', () => undefined);
socket.on('close', give);
