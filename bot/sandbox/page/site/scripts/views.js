/** What a narrow window shows: one part of the page at a time. */

export function watchViews(session) {
  const tabs = [...document.querySelectorAll("#views button")];
  const show = (view) => {
    document.body.dataset.view = view;
    for (const tab of tabs) {
      tab.setAttribute("aria-pressed", String(tab.dataset.view === view));
    }
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => show(tab.dataset.view));
  }
  session.addEventListener("open", () => show("talk"));
  show("talk");
}
