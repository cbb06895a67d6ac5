// The register counts along while it is marked, and says what is not sent yet.
const HERE = new Set(["here", "late"]);

function counts(form) {
  const families = [...form.querySelectorAll("[data-family]")];
  const here = families.filter((family) => HERE.has(mark(family)));
  return {
    people: here.reduce((sum, family) => sum + family.querySelectorAll("[data-person]:checked").length, 0),
    families: here.length,
    expected: families.length,
    missing: families.filter((family) => !mark(family)).length,
  };
}

function mark(family) {
  return family.querySelector("[data-mark]:checked")?.value ?? "";
}

function show(form) {
  const now = counts(form);
  form.querySelector("[data-count=people]").textContent = now.people;
  form.querySelector("[data-count=families]").textContent = `${now.families} of ${now.expected}`;
  form.querySelector("[data-count=missing]").textContent = now.missing;
  const close = form.querySelector("[data-close]");
  if (close) close.textContent = now.missing ? `Close register (${now.missing} still to mark)` : "Close register";
}

export function watchRegister(form) {
  const note = form.querySelector("[data-unsaved]");
  const changed = new Set();
  let sending = false;
  form.addEventListener("change", (event) => {
    const family = event.target.closest("[data-family]");
    if (!family) return;
    if (event.target.matches("[data-mark]") && HERE.has(event.target.value) && !family.querySelector("[data-person]:checked")) {
      for (const person of family.querySelectorAll("[data-person]")) person.checked = true;
    }
    changed.add(family.dataset.family);
    show(form);
    note.hidden = false;
    note.textContent = changed.size === 1 ? "1 family is not saved yet." : `${changed.size} families are not saved yet.`;
  });
  form.addEventListener("submit", () => {
    sending = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed.size && !sending) event.preventDefault();
  });
  show(form);
}
