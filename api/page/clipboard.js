/** Put text where it can be pasted from. */

/** Copies; says so on the button for a moment. */
export async function copyFrom(button, text) {
  const before = button.textContent;
  button.textContent = (await copy(text)) ? "Copied" : "Could not copy";
  setTimeout(() => {
    button.textContent = before;
  }, 1600);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** Browsers keep the clipboard from pages that come over plain HTTP from another machine. */
function copyOldWay(text) {
  const area = document.createElement("textarea");
  const focused = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}
