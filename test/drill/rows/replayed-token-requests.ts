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
 */
export async function replayedTokenRequests(
  owner: AgencyProgram,
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
  // A nonce is no secret: whoever asks is given one.
  const own = (): Promise<string> => owner.tokenProof({ key: thief });
  return [
    await refused(owner, 'a recorded request for a token once more', '/oauth/token', {
      form,
      assertion,
      proof,
    }),
    await refused(owner, 'its assertion again, with a proof of the thief’s own key', '/oauth/token', {
      form,
      assertion,
      proof: await own(),
    }),
    await refused(
      owner,
      'the assertion of another request, with a proof of the thief’s own key',
      '/oauth/token',
      {
        form,
        assertion: asked,
        proof: await own(),
      },
    ),
    await refused(owner, 'its proof again, with an assertion that never arrived', '/oauth/token', {
      form,
      assertion: await owner.assertion(),
      proof,
    }),
    await refused(owner, 'its assertion again, to ask about the token', '/oauth/introspect', {
      form: { token },
      assertion,
    }),
    await refused(owner, 'the assertion of a question about a token once more', '/oauth/introspect', {
      form: { token },
      assertion: asked,
    }),
    await refused(owner, 'its assertion again, to end the token', '/oauth/revoke', {
      form: { token },
      assertion,
    }),
  ];
}

const isRefused = ({ status }: Answer): boolean => status === 400 || status === 401;

async function refused(
  owner: AgencyProgram,
  how: string,
  path: string,
  request: TokenRequest,
): Promise<Attempt> {
  const answer = await owner.post(path, request);
  return {
    tried: `${how}: answered ${answer.status}`,
    obtained: new Loot(),
    breaches: isRefused(answer) ? [] : [`With ${how}, POST ${path} was answered ${answer.status}.`],
  };
}
