import type {
  AgencyProgram,
  Answer,
  SigningKey,
  TokenRequest,
} from '../../integration/agencies/agency-program.js';
import { Loot } from '../population/loot.ts';
import type { Attempt } from './row.ts';

/**
 * What somebody on the way has recorded of an agency's own requests to the authorization server, once more: as it was,
 * and with what the thief can make themself. An assertion that could be shown twice is as good as the agency's key.
 * @param owner at the process that is sent what is right
 * @param others the same at processes that have not seen it
 */
export async function replayedTokenRequests(
  owner: AgencyProgram,
  others: readonly AgencyProgram[],
  thief: SigningKey,
): Promise<readonly Attempt[]> {
  const assertion = await owner.assertion();
  const proof = await owner.tokenProof();
  const form = owner.tokenForm();
  const honest = await owner.post('/oauth/token', { form, assertion, proof });
  if (honest.status !== 200) throw new Error(`The agency gets no token of its own: ${honest.text}`);
  const token = String(honest.body['access_token']);
  const asked = await owner.assertion();
  const answered = await owner.post('/oauth/introspect', { form: { token }, assertion: asked });
  if (answered.status !== 200) throw new Error(`The agency may not ask for its own token: ${answered.text}`);
  for (const other of others) {
    const { status, text } = await other.requestToken();
    if (status !== 200) throw new Error(`The agency gets no token at another process: ${text}`);
  }
  // A nonce is no secret: whoever asks is given one.
  const own = (program: AgencyProgram): Promise<string> => program.tokenProof({ key: thief });
  const replays: readonly Replay[] = [
    {
      how: 'a recorded request for a token once more',
      path: '/oauth/token',
      request: () => ({ form, assertion, proof }),
    },
    {
      how: 'its assertion again, with a proof of the thief’s own key',
      path: '/oauth/token',
      request: async (program) => ({ form, assertion, proof: await own(program) }),
    },
    {
      how: 'the assertion of another request, with a proof of the thief’s own key',
      path: '/oauth/token',
      request: async (program) => ({ form, assertion: asked, proof: await own(program) }),
    },
    {
      how: 'its proof again, with an assertion that never arrived',
      path: '/oauth/token',
      request: async (program) => ({ form, assertion: await program.assertion(), proof }),
    },
    {
      how: 'its assertion again, to ask about the token',
      path: '/oauth/introspect',
      request: () => ({ form: { token }, assertion }),
    },
    {
      how: 'the assertion of a question about a token once more',
      path: '/oauth/introspect',
      request: () => ({ form: { token }, assertion: asked }),
    },
    {
      how: 'its assertion again, to end the token',
      path: '/oauth/revoke',
      request: () => ({ form: { token }, assertion }),
    },
  ];
  const attempts: Attempt[] = [];
  for (const replay of replays) attempts.push(await refused([owner, ...others], replay));
  return attempts;
}

interface Replay {
  readonly how: string;
  readonly path: string;
  readonly request: (program: AgencyProgram) => TokenRequest | Promise<TokenRequest>;
}

const isRefused = ({ status }: Answer): boolean => status === 400 || status === 401;

/** At each process by itself. */
async function refused(programs: readonly AgencyProgram[], { how, path, request }: Replay): Promise<Attempt> {
  const answers: Answer[] = [];
  for (const program of programs) answers.push(await program.post(path, await request(program)));
  const taken = answers.filter((answer) => !isRefused(answer));
  return {
    tried: `${how}: answered ${answers.map(({ status }) => status).join(' and ')}`,
    obtained: new Loot(),
    breaches: taken.map(({ status }) => `With ${how}, POST ${path} was answered ${status}.`),
  };
}
