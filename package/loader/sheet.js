/** A style sheet as a function that gives it to a shadow root. Each document has one of its own: a sheet belongs to the one it was made in. */
export const sheet = (css) => {
  const made = new WeakMap();
  return (root) => {
    const page = root.ownerDocument;
    let own = made.get(page);
    if (!own) {
      own = new page.defaultView.CSSStyleSheet();
      own.replaceSync(css);
      made.set(page, own);
    }
    if (root.adoptedStyleSheets[0] !== own) root.adoptedStyleSheets = [own];
  };
};
