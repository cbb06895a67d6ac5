// While the borough's looks are changed, the preview beside the form follows what is typed. The server checks it all again.
const READABLE = 4.5;
const HEX = /^#[0-9a-f]{6}$/i;

function linear(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

// Contrast with white, 1 to 21, as WCAG 2.2 defines it.
export function contrastWithWhite(colour) {
  const [red, green, blue] = [1, 3, 5].map((place) => linear(Number.parseInt(colour.slice(place, place + 2), 16) / 255));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

export function watchBranding(form) {
  const look = document.querySelector("[data-look]");
  const told = document.querySelector("[data-look-contrast]");
  const { accent, programme_name: name } = form.elements;
  const picker = document.createElement("input");
  Object.assign(picker, { type: "color", className: "look-picker" });
  picker.setAttribute("aria-label", "Choose a colour");
  accent.after(picker);

  function show() {
    look.querySelector("[data-look-name]").textContent = name.value;
    if (!HEX.test(accent.value.trim())) return;
    const colour = accent.value.trim().toLowerCase();
    const contrast = contrastWithWhite(colour);
    const shown = Math.floor(contrast * 10) / 10;
    picker.value = colour;
    if (contrast >= READABLE) look.style.setProperty("--accent", colour);
    told.textContent =
      contrast >= READABLE
        ? `White words on it have a contrast of ${shown} to 1, and ${READABLE} is enough.`
        : `White words on it can't be read well enough: their contrast is ${shown} to 1, and must be at least ${READABLE} to 1. Choose a darker colour.`;
    told.classList.toggle("look__fault", contrast < READABLE);
  }

  picker.addEventListener("input", () => {
    accent.value = picker.value;
    show();
  });
  form.addEventListener("input", show);
  show();
}
