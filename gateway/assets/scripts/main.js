// Everything works without this file: it only makes some things quicker or kinder.
import { Button, ErrorSummary, PasswordInput, SkipLink, createAll } from "govuk-frontend";
import { watchPasskey } from "./_passkey.js";
import { watchBranding } from "./_branding.js";
import { watchRegister } from "./_register.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, PasswordInput, SkipLink]) createAll(component);

// A menu closes with Escape, and when attention goes elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("toggle", () => {
    if (menu.open && menu.classList.contains("menu--find")) menu.querySelector("input[type=search]").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

// The tab in use is in sight, also where the tabs scroll.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const row = tab.closest("ul");
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

// A browser copies for pages that came by https, and on one's own machine; elsewhere there is nothing to offer.
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = "Copied";
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A file that is too large is not sent at all: on a slow line that takes minutes.
for (const input of document.querySelectorAll("input[data-largest]")) {
  const refuse = () => {
    const tooLarge = Array.from(input.files).some((file) => file.size > Number(input.dataset.largest));
    document.getElementById(`${input.id}-too-large`).hidden = !tooLarge;
    return tooLarge;
  };
  input.addEventListener("change", refuse);
  input.form.addEventListener("submit", (event) => {
    if (refuse()) event.preventDefault();
  });
}

const register = document.querySelector("form[data-register]");
if (register?.querySelector("[data-mark]")) watchRegister(register);

for (const form of document.querySelectorAll("form[data-passkey]")) watchPasskey(form);

const branding = document.querySelector("form[data-branding]");
if (branding) watchBranding(branding);
