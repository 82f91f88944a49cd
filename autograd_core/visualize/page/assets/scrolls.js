"use strict";
// Says of each part that scrolls sideways at which sides there is more of it.

function markScrolls(root) {
  for (const part of root.querySelectorAll(".scrolls")) {
    const hidden = part.scrollWidth - part.clientWidth;
    part.classList.toggle("more-left", hidden > 1 && part.scrollLeft > 1);
    part.classList.toggle("more-right", hidden > 1 && part.scrollLeft < hidden - 1);
  }
}

/** Keep that true: whatever is put into `root`, opened in it, scrolled or squeezed. */
function watchScrolls(root) {
  const mark = () => markScrolls(root);
  new MutationObserver(mark).observe(root, { childList: true, subtree: true });
  for (const event of ["scroll", "toggle"]) root.addEventListener(event, mark, true);
  if (typeof ResizeObserver === "function") new ResizeObserver(mark).observe(root);
  mark();
}
