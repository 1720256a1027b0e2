// Put the keyboard into a field that was just opened, with its value selected: what is typed takes its place.
const PATIENCE_MS = 2000;

export default ({ data, parentElement }) => {
  if (parentElement.dataset.done) return;
  parentElement.dataset.done = "yes";
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
