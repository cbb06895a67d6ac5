// One question after the other within one page: a form is sent without leaving it, so the browser's history holds one entry for all
// of them. Links to our own pages take the place of this one in history, too.
async function send(form, button) {
  const answers = new FormData(form);
  if (button?.name) answers.set(button.name, button.value);
  const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(answers), redirect: "follow" });
  const page = new DOMParser().parseFromString((await reply.text()).replace(/<style[^]*?<\/style>/g, ""), "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) throw new Error("no page came");
  document.title = page.title;
  document.querySelector("main").replaceWith(fresh);
  window.scrollTo(0, 0);
  const first = fresh.querySelector(".govuk-error-summary") ?? fresh;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
}

// Where no answer comes, the browser sends the form itself, and says what it says of a network that is away.
function tryWithout(form, button) {
  form.removeAttribute("data-steps");
  form.requestSubmit(button);
}

export function watchSteps() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-steps]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    send(form, event.submitter).catch(() => tryWithout(form, event.submitter));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (link.origin !== window.location.origin || link.hash || link.protocol === "mailto:" || link.target) return;
    event.preventDefault();
    window.location.replace(link.href);
  });
}
