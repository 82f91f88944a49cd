// Contrast as WCAG 2.2 defines it, of every text with what is painted behind it, and of lines.
() => {
const parse = (text) => {
  const numbers = text.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
  const scale = text.startsWith('color(') ? 1 : 255;
  return [...numbers.slice(0, 3).map((n) => n / scale), numbers[3] ?? 1];
};
const over = (front, back) =>
  front.slice(0, 3).map((n, i) => n * front[3] + back[i] * (1 - front[3]));
const light = (colour) => colour.slice(0, 3)
  .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4))
  .reduce((sum, n, i) => sum + n * [0.2126, 0.7152, 0.0722][i], 0);
const ratio = (a, b) => {
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};
const behind = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const vertex = at.matches('g.vertex') && at.querySelector('.box');
    const style = getComputedStyle(vertex || at);
    const paint = vertex ? style.fill : style.backgroundColor;
    if (paint !== 'none') layers.push(parse(paint));
  }
  return layers.reverse().reduce((back, front) => over(front, back), [1, 1, 1]);
};
const found = [];
const visible = (element) => element.checkVisibility() && !element.closest('[aria-disabled=true], .skip');
for (const element of document.querySelectorAll('body *')) {
  const svg = element.namespaceURI.endsWith('svg');
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const style = getComputedStyle(element);
  if (own && visible(element) && !element.closest('script, style, noscript, defs, svg.heat, option')) {
    const back = behind(element);
    const colour = over(parse(svg ? style.fill : style.color), back);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    found.push([ratio(colour, back), large ? 3 : 4.5, element.textContent.slice(0, 30),
      element.getAttribute('class') || element.tagName]);
  }
  if (element.matches('.tie:not(.faint) .edge, .flow, .vertex .box')) {
    if (style.stroke === 'none' || element.closest('.flowed') && element.matches('.edge')) continue;
    const back = behind(document.getElementById('stage'));
    found.push([ratio(over(parse(style.stroke), back), back), 3, 'a line', element.parentElement.classList.value]);
  }
}
return found;
}
