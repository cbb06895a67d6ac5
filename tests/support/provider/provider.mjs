// A real OpenID Connect provider (oidc-provider) for tests, on a port of localhost. Whoever names an account is signed in as it.
// What a test may ask for besides: other keys, answers with one thing wrong in them, a token signed by the provider's own key.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import * as jose from 'jose';
import Provider from 'oidc-provider';

const asked = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${asked.port}${asked.path ?? ''}`;
const state = { handler: null, key: null, wrong: null, pace: 0, says: asked.says ?? {} };

async function newKey() {
  const { privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
  return { ...(await jose.exportJWK(privateKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' };
}

function configuration(key) {
  return {
    clients: asked.clients.map((client) => ({ id_token_signed_response_alg: 'ES256', grant_types: ['authorization_code'], response_types: ['code'], ...client })),
    jwks: { keys: [key] },
    acrValues: ['AAL1_USERPASS', 'AAL2_OR_AAL3_ANY', 'AAL3_ANY'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256', 'HS256'] },
    claims: { openid: ['sub', 'acr', 'amr'], profile: ['name'] },
    cookies: { keys: ['only for tests'] },
    conformIdTokenClaims: false,
    fetch: (url, { dispatcher, ...options }) => fetch(url, options), // its own dispatcher reaches no localhost, where our gateway is
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 300, Interaction: 600, Session: 3600, Grant: 3600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Account ${id}` }) }),
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    renderError: (context, out) => { context.type = 'html'; context.body = `<h1>${out.error}</h1><p>${out.error_description ?? ''}</p>`; },
  };
}

async function start() {
  state.key = await newKey();
  const provider = new Provider(issuer, configuration(state.key));
  provider.use(async (context, next) => {
    await next();
    if (state.wrong && context.path.endsWith('/token') && context.body?.id_token) context.body = { ...context.body, id_token: await spoilt(context.body) };
    if (state.wrong?.discovery && context.path.endsWith('/openid-configuration')) context.body = { ...context.body, ...state.wrong.discovery };
  });
  state.provider = provider;
  state.handler = provider.callback();
}

function digestOf(secret) {
  return new TextEncoder().encode(secret);
}

async function signed(claims, header = {}) {
  const alg = header.alg ?? 'ES256';
  const full = { kid: state.key.kid, ...header, alg };
  if (alg === 'none') return `${encoded(full)}.${encoded(claims)}.`;
  const key = alg.startsWith('HS') ? digestOf(asked.clients[0].client_secret) : await jose.importJWK(header.foreign ? await newKey() : state.key, alg);
  delete full.foreign;
  return new jose.SignJWT(claims).setProtectedHeader(full).sign(key);
}

function encoded(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function spoilt(body) {
  const { claims = {}, header, altered } = state.wrong;
  const token = await signed({ ...jose.decodeJwt(body.id_token), ...claims }, header);
  if (!altered) return token;
  const [first, second, third] = token.split('.');
  return `${first}.${second}.${third[0] === 'A' ? 'B' : 'A'}${third.slice(1)}`;
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function interaction(request, response) {
  const details = await state.provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html');
    response.end(`<!DOCTYPE html><html lang="en"><title>Provider</title><h1>Sign in to the provider</h1><form method="post">
      <label for="account">Account</label><input id="account" name="account"><button>Sign in</button><button name="refuse" value="1">Cancel</button></form>`);
    return;
  }
  const answers = new URLSearchParams(await bodyOf(request));
  if (answers.get('refuse')) {
    await state.provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'cancelled' });
    return;
  }
  const says = { acr: details.params.acr_values?.split(' ')[0], ...state.says };
  await state.provider.interactionFinished(request, response, { login: { accountId: answers.get('account'), ...says } });
}

const wishes = {
  wrong: async (wish) => { state.wrong = wish; },
  says: async (wish) => { state.says = wish; },
  rotate: async () => { await start(); },
  pace: async (wish) => { state.pace = wish; },
  sign: async (wish) => ({ token: await signed(wish.claims, wish.header) }),
};

async function answer(request, response) {
  const path = new URL(request.url, issuer).pathname;
  if (path.startsWith('/wish/')) {
    const made = await wishes[path.slice('/wish/'.length)](JSON.parse((await bodyOf(request)) || 'null'));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(made ?? {}));
  } else if (path.startsWith('/interaction/')) {
    await interaction(request, response);
  } else {
    if (state.pace) await new Promise((done) => { setTimeout(done, 1000 * state.pace); });
    state.handler(request, response);
  }
}

await start();
createServer((request, response) => {
  answer(request, response).catch((fault) => { response.statusCode = 500; response.end(String(fault)); });
}).listen(asked.port, '127.0.0.1', () => process.stdout.write(`listening ${createHash('sha256').update(issuer).digest('hex').slice(0, 8)}\n`));
