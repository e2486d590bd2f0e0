/** Put the parts of the page together. */

import { ask, openConversation, startChat } from "./chat.js";
import { refreshConversations, showCurrent, startConversations } from "./conversations.js";
import { askKey } from "./dialog.js";
import { startDrop } from "./drop.js";
import { at } from "./element.js";
import { firstPage, refreshLibrary, startLibrary } from "./library.js";
import { limits, refreshCollections, startLimits } from "./limits.js";
import { startMenus } from "./menu.js";
import { follow, go, read } from "./place.js";
import { startQuestions } from "./questions.js";
import { whenReady } from "./ready.js";
import { openReport, startReport } from "./report.js";
import { onKeyWanted } from "./service.js";
import { tell } from "./tell.js";
import { chooseTheme, chosenTheme } from "./theme.js";
import { startTips } from "./tip.js";
import { addFiles, startUploads } from "./uploads.js";
import { setView, showReport, startViews } from "./views.js";

const refreshReports = () => Promise.all([refreshCollections(), refreshLibrary()]);

onKeyWanted(askKey);
startTips();
startMenus();
startViews();
startConversations();
startLibrary(refreshReports);
startReport(refreshReports);
startUploads(() => tell(refreshReports()));
startLimits(() => tell(firstPage()));
startChat((conversation) => {
  showCurrent(conversation);
  if (conversation.turns_count) tell(refreshConversations());
});
startQuestions((question) => ask(question));
startDrop((files) => {
  setView("reports");
  if (read().document !== null) go({ document: null, start: null, end: null });
  at("adding").hidden = false;
  addFiles(files, at("to-collection").value.trim() || "default");
});

at("add").addEventListener("click", () => {
  at("adding").hidden = !at("adding").hidden;
  at("add").setAttribute("aria-expanded", String(!at("adding").hidden));
  if (!at("adding").hidden) {
    at("to-collection").value = limits().collection ?? at("to-collection").value;
    at("choose").focus();
  }
});
at("adding").addEventListener("submit", (event) => event.preventDefault());
at("theme").value = chosenTheme();
at("theme").addEventListener("change", () => chooseTheme(at("theme").value));
at("home").addEventListener("click", (event) => {
  event.preventDefault();
  go({ conversation: null, document: null, start: null, end: null });
  setView("chat");
});
addEventListener("click", (event) => {
  const place = event.target.closest("a[data-document]");
  if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { document: id, start = null, end = null } = place.dataset;
  go({ document: id, start: start && Number(start), end: end && Number(end) });
});

follow(({ conversation, document: id, start, end }) => {
  openConversation(conversation);
  if (openReport(id, start, end)) showReport(id !== null);
});
at("question").focus();
await tell(whenReady().then(() => Promise.all([refreshConversations(), refreshReports()])));
