/** What makes a mark look as it does; everything else comes from its attributes. */
const LOOK = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
] as const;

/** A drawing as a file of its own: the looks its classes give it written on each mark, on the page's ground. */
export function standaloneSvg(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = [drawing, ...drawing.querySelectorAll<SVGElement>('*')];
  [copy, ...copy.querySelectorAll<SVGElement>('*')].forEach((mark, index) => {
    const look = getComputedStyle(originals[index]!);
    for (const name of LOOK) mark.setAttribute(name, look.getPropertyValue(name));
    mark.removeAttribute('class');
    mark.removeAttribute('tabindex');
  });
  const { width, height } = drawing.getBoundingClientRect();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: groundColour(drawing) }))
    ground.setAttribute(name, value);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

/** Colour of the surface a drawing lies on. */
export function groundColour(drawing: Element): string {
  const value = getComputedStyle(drawing).getPropertyValue('--surface').trim();
  return value === '' ? '#ffffff' : value;
}
