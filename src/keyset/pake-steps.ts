import { client, ready, server } from '@serenity-kit/opaque';

/**
 * The steps of OPAQUE, as data in and data out. One account stands for the topology: whoever knows its security
 * token may have the keyset. Key stretching is the library's default (Argon2id with 64 MB).
 */
const ACCOUNT = 'topology';

export type PakeStep =
  | { step: 'register'; token: string }
  | { step: 'serverStart'; serverSetup: string; registrationRecord: string; startLoginRequest: string }
  | { step: 'serverFinish'; serverLoginState: string; finishLoginRequest: string }
  | { step: 'clientStart'; token: string }
  | { step: 'clientFinish'; token: string; clientLoginState: string; loginResponse: string };

export interface PakeAnswers {
  register: { serverSetup: string; registrationRecord: string };
  /** Null: the request is not a message of the protocol. */
  serverStart: { serverLoginState: string; loginResponse: string } | null;
  /** Null: the other side does not know the token. */
  serverFinish: { sessionKey: string } | null;
  clientStart: { clientLoginState: string; startLoginRequest: string };
  /** Null: the tokens differ. */
  clientFinish: { finishLoginRequest: string; sessionKey: string } | null;
}

export async function runPake(input: PakeStep): Promise<PakeAnswers[PakeStep['step']]> {
  await ready;
  switch (input.step) {
    case 'register':
      return register(input.token);
    case 'serverStart':
      return orNull(() => {
        const { serverSetup, registrationRecord, startLoginRequest } = input;
        return server.startLogin({
          serverSetup,
          registrationRecord,
          startLoginRequest,
          userIdentifier: ACCOUNT,
        });
      });
    case 'serverFinish':
      return orNull(() => {
        const { serverLoginState, finishLoginRequest } = input;
        return server.finishLogin({ serverLoginState, finishLoginRequest });
      });
    case 'clientStart':
      return client.startLogin({ password: input.token });
    case 'clientFinish':
      return orNull(() => {
        const { token, clientLoginState, loginResponse } = input;
        const result = client.finishLogin({ password: token, clientLoginState, loginResponse });
        return result
          ? { finishLoginRequest: result.finishLoginRequest, sessionKey: result.sessionKey }
          : null;
      });
  }
}

/** Both halves of a registration in one place: the generating controller knows the token. */
export function register(token: string): PakeAnswers['register'] {
  const serverSetup = server.createSetup();
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: token });
  const { registrationResponse } = server.createRegistrationResponse({
    serverSetup,
    userIdentifier: ACCOUNT,
    registrationRequest,
  });
  const { registrationRecord } = client.finishRegistration({
    password: token,
    clientRegistrationState,
    registrationResponse,
  });
  return { serverSetup, registrationRecord };
}

/** The library throws for a message it cannot read and for one that does not verify: both are the other side's. */
function orNull<T>(step: () => T | null): T | null {
  try {
    return step();
  } catch {
    return null;
  }
}
