// A recipe's text with the numbers of its lines, and what is wrong in it. The text lives here: what Python
// sends changes the marks alone. It is told when nothing was typed for a moment.
const PAUSE_MS = 250;
const PARTS = /(#.*$)|(\$\{[^}]*\})|("(?:[^"\\]|\\.)*"|'[^']*')|((?<=^\s*(?:- )*|[{,]\s*)\w[\w -]*(?=:(?:\s|$)))/g;

// This tab's copy of a draft: no letter is lost by a reload, or by leaving before Python was told.
const shelf = (name) => `litmus.recipe.${name}`;
function remembered({ draft, stamp, text }) {
  const found = JSON.parse(sessionStorage.getItem(shelf(draft)) ?? "null");
  return found && (stamp === "" || found.stamp === stamp) ? found : { text, stamp };
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function coloured(text) {
  let html = "", last = 0;
  for (const found of text.matchAll(PARTS)) {
    const [whole, note, knob, quoted, key] = found;
    if (note && found.index > 0 && !/\s/.test(text[found.index - 1])) continue;
    html += escaped(text.slice(last, found.index));
    const kind = note ? "note" : knob ? "knob" : key ? "key" : "";
    html += kind ? `<span class="${kind}">${escaped(whole)}</span>` : escaped(whole);
    last = found.index + whole.length;
  }
  return html + escaped(text.slice(last));
}

// Python counts letters, the browser halves of some: a place is the same only after this.
const place = (line, column) => [...line].slice(0, column - 1).join("").length;

function drawnLine(line, columns) {
  if (!columns.length) return coloured(line);
  const from = Math.min(place(line, Math.min(...columns)), line.length);
  const word = /^[^\s,\]}:]+:?/.exec(line.slice(from));
  const to = word ? from + word[0].length : line.length;
  const marked = `<span class="wrong">${coloured(line.slice(from, to)) || " "}</span>`;
  return coloured(line.slice(0, from)) + marked + coloured(line.slice(to));
}

export default function (component) {
  const { parentElement, data, setStateValue } = component;
  const find = (name) => parentElement.querySelector(name);
  const area = find(".text"), back = find(".back"), gutter = find(".gutter"), said = find(".said");
  const desk = find(".desk");
  const mine = (desk.mine ??= { begun: false, timer: 0, sent: data.text });

  const draw = () => {
    const of = new Map();
    for (const each of mine.problems) of.set(each.line, [...(of.get(each.line) ?? []), each.column]);
    const lines = area.value.split("\n");
    back.innerHTML = lines.map((line, at) => drawnLine(line, of.get(at + 1) ?? [])).join("\n") + "\n";
    gutter.innerHTML = lines.map((_, at) => `<div${of.has(at + 1) ? ' class="bad"' : ""}>${at + 1}</div>`).join("");
    follow();
  };
  const follow = () => {
    back.scrollTop = gutter.scrollTop = area.scrollTop;
    back.scrollLeft = area.scrollLeft;
  };
  const tell = () => {
    clearTimeout(mine.timer);
    if (area.value === mine.sent) return;
    mine.sent = area.value;
    setStateValue("text", area.value);
  };
  const leadTo = ({ line, column }) => {
    const lines = area.value.split("\n");
    const text = lines[line - 1] ?? "";
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    const at = start + Math.min(place(text, column), text.length);
    area.focus();
    area.setSelectionRange(at, at);
    area.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(area).lineHeight));
    follow();
  };
  const list = () => {
    said.replaceChildren();
    const title = document.createElement("h4");
    title.textContent = data.reading;
    said.append(title);
    const items = document.createElement("ul");
    for (const each of mine.problems) {
      const button = document.createElement("button");
      button.type = "button";
      for (const [kind, text] of [["place", `Line ${each.line}, column ${each.column}`], ["", each.message], ["hint", each.hint]]) {
        if (!text) continue;
        const part = document.createElement("div");
        part.className = kind;
        part.textContent = text;
        button.append(part);
      }
      button.onclick = () => leadTo(each);
      const item = document.createElement("li");
      item.append(button);
      items.append(item);
    }
    said.append(items);
  };

  const remember = () => {
    sessionStorage.setItem(shelf(data.draft), JSON.stringify({ text: area.value, stamp: mine.stamp }));
  };

  if (!mine.begun) {
    mine.begun = true;
    const kept = remembered(data);
    area.value = kept.text;
    mine.stamp = kept.stamp;
    remember();
    if (kept.text !== data.text) mine.timer = setTimeout(tell);
  }
  mine.problems = data.problems;
  area.oninput = () => {
    draw();
    remember();
    clearTimeout(mine.timer);
    mine.timer = setTimeout(tell, PAUSE_MS);
  };
  area.onblur = tell;
  area.onscroll = follow;
  area.onkeydown = (event) => {
    if (event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey) {
      const before = area.value.slice(0, area.selectionStart).split("\n").pop();
      const indent = /^ */.exec(before)[0] + (/^\s*- [^#]*:/.test(before) ? "  " : "");
      event.preventDefault(); // a line begins where the one before did
      document.execCommand("insertText", false, "\n" + indent); // so that it can be undone
    }
  };
  draw();
  list();
  return () => clearTimeout(mine.timer);
}
