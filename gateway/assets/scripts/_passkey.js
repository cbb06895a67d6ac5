// Passkeys: a form marked with data-passkey is filled in by the browser's own passkey functions, then sent as any other.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

const WORDS = {
  NotAllowedError: "It was cancelled, or took too long. Nothing was changed.",
  InvalidStateError: "This device has a passkey for you already. Use that one.",
  SecurityError: "Passkeys work only at the address that this site was set up for.",
};
const ELSE = "It did not work. Nothing was changed. Try again, or use another way.";

function readable(options) {
  const found = { ...options, challenge: bytes(options.challenge) };
  if (options.user) found.user = { ...options.user, id: bytes(options.user.id) };
  if (options.allowCredentials) found.allowCredentials = named(options.allowCredentials);
  if (options.excludeCredentials) found.excludeCredentials = named(options.excludeCredentials);
  return found;
}

function sendable(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  const said = { ...Object.fromEntries(given), ...(response.getTransports ? { transports: response.getTransports() } : {}) };
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said });
}

async function fill(form) {
  const token = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body: token });
  if (answer.redirected) {
    location.assign(answer.url);
    return false;
  }
  if (!answer.ok) throw new Error("refused");
  const { challenge_id: asked, options } = await answer.json();
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey: readable(options) });
  form.elements.challenge_id.value = asked;
  form.elements.credential.value = sendable(credential);
  return true;
}

export function watchPasskey(form) {
  if (!window.PublicKeyCredential) return;
  const problem = form.querySelector("[data-passkey-problem]");
  const button = form.querySelector("button[type=submit]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      if (await fill(form)) form.submit();
    } catch (error) {
      problem.textContent = WORDS[error.name] ?? ELSE;
      problem.hidden = false;
    }
    button.disabled = false;
  });
}
