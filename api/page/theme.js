/** The choice between light and dark, kept in this browser; set before anything is painted. */

const KEPT = "dateline-theme";

export function chosenTheme() {
  return document.documentElement.dataset.theme ?? "";
}

/** "light", "dark", or "" for what the system prefers. */
export function chooseTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
}

try {
  const kept = localStorage.getItem(KEPT);
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  // As above.
}
