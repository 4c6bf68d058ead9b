(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const controls = document.querySelector(".controls");
  const find = document.getElementById("find");
  const parts = all("[data-state]");
  let show = "all";

  const filter = () => {
    const word = find.value.trim().toLowerCase();
    for (const part of parts) {
      const isRed = part.dataset.state === "red";
      const fits = show === "all" || (show === "red") === isRed;
      part.hidden = !(fits && part.dataset.name.toLowerCase().includes(word));
    }
    for (const body of all(".matrix tbody")) body.hidden = !body.querySelector("[data-state]:not([hidden])");
    for (const button of all("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === show));
    const count = all(".card:not([hidden])").length;
    document.getElementById("count").value = `${count} shown`;
    document.getElementById("nothing").hidden = count > 0;
  };

  const openTarget = () => {
    const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!card || !card.matches(".card")) return;
    if (card.hidden) { show = "all"; find.value = ""; filter(); }
    card.open = true;
    card.scrollIntoView();
  };

  const copy = async (button) => {
    const command = button.previousElementSibling;
    getSelection().selectAllChildren(command);
    try {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };

  addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.show) { show = button.dataset.show; filter(); }
    if (button?.matches(".copy")) copy(button);
  });
  find.addEventListener("input", filter);
  addEventListener("hashchange", openTarget);
  for (const part of all("[hidden].copy")) part.hidden = false;
  controls.hidden = false;
  show = document.body.dataset.begins ?? "all";
  filter();
  openTarget();
})();
