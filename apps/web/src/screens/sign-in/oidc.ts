import { UserManager, WebStorageStateStore } from 'oidc-client-ts';

interface Issuer {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
}

function managerOf({ issuer, clientId, scope }: Issuer): UserManager {
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    scope,
    redirect_uri: `${globalThis.location.origin}/sign-in`,
    response_type: 'code', // with PKCE, always
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
  });
}

/** Leaves for the issuer; `then` is where to go on afterwards. */
export function leaveForIssuer(issuer: Issuer, then: string): Promise<void> {
  return managerOf(issuer).signinRedirect({ state: then });
}

/** Back from the issuer: the access token, and where to go on. Throws when the issuer refused or somebody meddled. */
export async function returnFromIssuer(issuer: Issuer): Promise<{ readonly token: string; readonly then: string }> {
  const user = await managerOf(issuer).signinRedirectCallback();
  return { token: user.access_token, then: typeof user.state === 'string' ? user.state : '/' };
}
