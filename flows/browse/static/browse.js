// Keys: j and k go from one step to the next, / to the search field, ? to the help; the numbers of a run that is
// under way. Every page works without.
"use strict";

// While a run works its numbers follow it, from this server alone; once it has ended the page is loaded anew.
const run = document.getElementById("run");
if (run && run.dataset.status === "running") {
  const timer = setInterval(async () => {
    if (document.hidden) return;
    let told;
    try {
      const answer = await fetch("/api/runs/" + encodeURIComponent(run.dataset.run));
      if (!answer.ok) return;
      told = await answer.json();
    } catch {
      return; // the server is gone: the page stays as it is
    }
    for (const one of document.querySelectorAll("[data-count]")) {
      one.textContent = told[one.dataset.count].toLocaleString("en");
    }
    if (told.status !== "running") {
      clearInterval(timer);
      window.location.reload();
    }
  }, 2000);
}

const field = document.getElementById("q");

function isTyped(target) {
  return target.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
}

function step(by) {
  const steps = [...document.querySelectorAll("[data-step]")];
  const at = steps.findIndex((one) => one === document.activeElement || one.contains(document.activeElement));
  const next = steps[at < 0 ? (by > 0 ? 0 : steps.length - 1) : at + by];
  if (next) {
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyped(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/" && field) {
    field.focus();
    field.select();
    event.preventDefault();
  } else if (event.key === "?") window.location.assign("/help");
});
