// Elements without markup in strings: what the daemon says is text, whatever it looks like.

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export const byId = (id) => document.getElementById(id);

// Only what has changed is touched: nothing flickers, and readers of the screen hear no repetitions.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setClass(node, names) {
  if (node.className !== names) node.className = names;
}
