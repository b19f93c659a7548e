// Text that can't be read well against what is behind it, in the scheme of colours that is on (WCAG 2.2, 1.4.3: 4.5 to 1,
// large text 3 to 1).
const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
const known = new Map();
// Any colour as red, green, blue from 0 to 255 and alpha from 0 to 1.
const parts = (colour) => {
  if (!known.has(colour)) {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    known.set(colour, [r, g, b, a / 255]);
  }
  return known.get(colour);
};
const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
const behind = (node) => {
  const layers = [];
  for (let at = node; at; at = at.parentElement) {
    const layer = parts(getComputedStyle(at).backgroundColor);
    if (layer[3] > 0) layers.push(layer);
    if (layer[3] === 1) break;
  }
  const page = getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches;
  return layers.reverse().reduce((below, layer) => over(layer, below), page ? [18, 18, 18, 1] : [255, 255, 255, 1]);
};
const light = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const ratio = (one, other) => {
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};
const found = new Map();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || node.closest("script, style, title, desc, option, [disabled]")) continue;
  if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
  const { width, height } = node.getBoundingClientRect();
  if (width < 2 || height < 2) continue; // for the ear alone
  const style = getComputedStyle(node);
  // What stands in a picture lies on its shapes, which this does not see: only what lies on the page itself.
  const colour = node.closest("svg") ? style.fill : style.color;
  const ground = behind(node);
  const size = parseFloat(style.fontSize);
  const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  const seen = ratio(over(parts(colour), ground), ground);
  if (seen < least - 0.01) {
    const kind = `${node.tagName.toLowerCase()}.${node.className.baseVal ?? node.className} ${colour}`;
    found.set(kind, `hard to read, ${seen.toFixed(2)} to 1: ${kind} «${walker.currentNode.data.trim().slice(0, 20)}»`);
  }
}
return [...found.values()].slice(0, 6);
