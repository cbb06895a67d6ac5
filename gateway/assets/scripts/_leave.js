// Leave this page: by the button, or by three presses of Shift. The page is emptied at once, then another takes its place in the
// browser's history, so that Back does not bring it back.
const PRESSES = 3;
const WITHIN = 5000;

let presses = 0;
let alone = false;
let forgetting;

const button = () => document.querySelector("[data-leave]");

function leave(link) {
  document.documentElement.hidden = true;
  document.title = "\u200b";
  navigator.sendBeacon(link.href, new FormData());
  window.location.replace(link.dataset.leave);
}

function count() {
  const link = button();
  const said = document.querySelector(".leaving");
  presses += 1;
  clearTimeout(forgetting);
  if (presses === PRESSES) return leave(link);
  if (said) said.textContent = link.dataset.left.replace("LEFT", PRESSES - presses);
  forgetting = setTimeout(forget, WITHIN);
}

function forget() {
  presses = 0;
  const said = document.querySelector(".leaving");
  if (said) said.textContent = "";
}

export function watchLeaving() {
  if (!button()) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-leave]");
    if (!link) return;
    event.preventDefault();
    leave(link);
  });
  // Whoever writes a capital holds Shift and presses another key: only Shift alone counts.
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift";
    if (!alone && presses) forget();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && alone) count();
    alone = false;
  });
  // A page that the browser kept as it was shows what was written in it: it is asked for again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}
