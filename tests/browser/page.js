// What is wrong with the page as it stands: raw message keys, text that the language has not, sideways scrolling, weight.
// The argument: what message keys begin with.
const [firsts] = arguments;
const found = [];
const visible = (node) => node.checkVisibility?.() ?? true;
const wide = document.documentElement.scrollWidth;
if (wide > innerWidth) {
  const scrolls = (node) => {
    for (let at = node.parentElement; at && at !== document.body; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== "visible") return true;
    return false;
  };
  const culprits = [...document.body.querySelectorAll("*")].filter(
    (node) => node.getBoundingClientRect().right > innerWidth + 1 && !scrolls(node),
  );
  const names = culprits.slice(-3).map((node) => `${node.tagName.toLowerCase()}.${node.className} «${node.textContent.trim().slice(0, 30)}»`);
  found.push(`scrolls sideways: ${wide} > ${innerWidth}: ${names.join("; ")}`);
}
// On the line, compressed: the page with its style and its scripts, and these alone.
const bytes = (entries) => entries.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
const needed = performance.getEntriesByType("resource").filter((one) => ["script", "link"].includes(one.initiatorType));
const scripts = bytes(needed.filter((one) => one.initiatorType === "script"));
const all = bytes([...performance.getEntriesByType("navigation"), ...needed]);
if (scripts > 20 * 1024) found.push(`${scripts} bytes of scripts`);
if (all > 60 * 1024) found.push(`${all} bytes with style and scripts`);
// On a phone no table of ours is read by scrolling it sideways; one of somebody's own file is, in a region that has a name
// and that the keys reach.
const own = ".table-scroll[role=region][aria-label]:not([aria-label=''])[tabindex='0']";
if (innerWidth <= 480)
  for (const box of document.body.querySelectorAll(".table")) {
    if (box.scrollWidth <= box.clientWidth || (/^\/evidence\/[^/]+\/read$/.test(location.pathname) && box.matches(own))) continue;
    found.push(`a table scrolls inside itself: ${box.scrollWidth} > ${box.clientWidth}: «${box.getAttribute("aria-label")}»`);
  }
const key = new RegExp(`(?<![\\w/.@:-])(?:${firsts.join("|")})(?:-[a-z]+){2,}(?![\\w-])`);
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (node.parentElement.closest("script, style, code, pre, textarea")) continue;
  const hit = node.data.replaceAll("notice-and-takedown", "").match(key); // a term of the law's English
  if (hit) found.push(`a raw message key: ${hit[0]}`);
}
for (const node of document.body.querySelectorAll("[aria-label], [placeholder], [title]"))
  for (const name of ["aria-label", "placeholder", "title"]) {
    const hit = node.getAttribute(name)?.match(key);
    if (hit) found.push(`a raw message key in ${name}: ${hit[0]}`);
  }
if (document.documentElement.lang === "en") {
  const frame = "nav.side a, main h3, th, dt, legend, button, .hint, .field > label, .chip, footer";
  const own = (node) => {
    const copy = node.cloneNode(true);
    for (const data of copy.querySelectorAll("[lang], [translate=no]")) data.remove(); // names and words of papers
    return copy.textContent.replace(/“[^”]*”/g, ""); // quoted: examples of what papers say
  };
  for (const node of document.body.querySelectorAll(frame))
    if (visible(node) && !node.closest("[lang]:not(html)") && /\p{Script=Han}/u.test(own(node)))
      found.push(`Chinese in the English page: ${node.tagName.toLowerCase()} «${node.textContent.trim().slice(0, 40)}»`);
}
// Chinese, where lines are short: none begins with a mark that closes, and none ends with one that opens. Beside a Latin letter
// or a digit nobody looks: what is longer than its line is broken wherever it has to be.
if (innerWidth <= 480 && document.documentElement.lang.startsWith("zh")) {
  const [opens, closes, wide] = [/[（《「『“【〈]/, /[，。、；：！？）》」』”】〉]/, /[\p{Script=Han}\u3001-\u301f\uff01-\uff5e“”]/u];
  const blockOf = (node) => {
    let at = node.parentElement;
    while (["inline", "contents"].includes(getComputedStyle(at).display)) at = at.parentElement;
    return at;
  };
  // For the ears alone, and without room for a line.
  const isHeard = (at) => at && (getComputedStyle(at).clipPath !== "none" || isHeard(at.parentElement));
  const box = ([node, at], end) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return [...range.getClientRects()].at(end);
  };
  // Two characters that follow each other, each as its text and its place there.
  const look = (one, next) => {
    const [a, b] = [one, next].map(([node, at]) => node.data[at]);
    if (!(opens.test(a) || closes.test(b)) || !wide.test(a) || !wide.test(b)) return;
    const [above, below] = [box(one, -1), box(next, 0)];
    if (!above || !below || below.top < above.top + 0.7 * above.height) return;
    if ((one[0] !== next[0] && blockOf(one[0]) !== blockOf(next[0])) || isHeard(next[0].parentElement)) return;
    found.push(`a line is broken between ${a} and ${b}: «${next[0].parentElement.textContent.trim().slice(0, 40)}»`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let last = null;
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (!node.data) continue;
    if (node.parentElement.closest("script, style, code, pre, textarea, svg, [lang]:not(html, :lang(zh))")) {
      last = null;
      continue;
    }
    if (last) look(last, [node, 0]);
    for (const { index } of node.data.matchAll(new RegExp(`${opens.source}(?=.)`, "g"))) look([node, index], [node, index + 1]);
    for (const { index } of node.data.matchAll(new RegExp(`(?<=.)${closes.source}`, "g"))) look([node, index - 1], [node, index]);
    last = [node, node.data.length - 1];
  }
}
if (!document.querySelector("h1")) found.push("no heading");
if (!document.title.trim()) found.push("no title");
const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
if (twice.length) found.push(`ids used twice: ${[...new Set(twice)].join(", ")}`);
return found;
