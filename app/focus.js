// Put the keyboard into a field that was just opened, with its value selected: what is typed takes its place.
const PATIENCE_MS = 2000;
const done = new WeakSet();  // where it was drawn already: each redraw calls this again

export default ({ data, parentElement }) => {
  if (done.has(parentElement)) return;
  done.add(parentElement);
  const ends = Date.now() + PATIENCE_MS;
  const look = () => {
    const field = document.querySelector(data.field);
    if (field) {
      field.focus();
      field.select();
    } else if (Date.now() < ends) requestAnimationFrame(look);
  };
  look();
};
