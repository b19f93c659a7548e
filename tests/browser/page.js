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
if (!document.querySelector("h1")) found.push("no heading");
if (!document.title.trim()) found.push("no title");
const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
if (twice.length) found.push(`ids used twice: ${[...new Set(twice)].join(", ")}`);
return found;
