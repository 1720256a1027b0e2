// Tell screen readers which link of the sidebar and of the journey's steps leads to the page that is open.
export default () => {
  const place = ':is([data-testid="stSidebar"], .st-key-stepper) [data-testid="stPageLink-NavLink"]';
  const mark = () => {
    const here = location.pathname.split("/").pop();
    for (const link of document.querySelectorAll(place)) {
      // As it is written: Home's address is "", which a browser resolves to any page that is open.
      const isHere = link.getAttribute("href").split("?")[0] === here;
      if (isHere === link.hasAttribute("aria-current")) continue; // to write it again is a change, too
      if (isHere) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  const watcher = new MutationObserver(mark);
  watcher.observe(document.body, { childList: true, subtree: true });
  mark();
  return () => watcher.disconnect();
};
