import { groundColour } from './svg.ts';

const SCALE = 2;

/**
 * Paints a drawing of this kit on a canvas. The usual way, an <img> of the SVG as data: or blob:, is what the page's content
 * security policy forbids; the marks of the kit are few enough to paint one by one.
 */
export async function pngOf(drawing: SVGSVGElement): Promise<Blob> {
  const { width, height } = drawing.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * SCALE);
  canvas.height = Math.ceil(height * SCALE);
  const context = canvas.getContext('2d')!;
  context.scale(SCALE, SCALE);
  context.fillStyle = groundColour(drawing);
  context.fillRect(0, 0, width, height);
  const origin = drawing.getScreenCTM()!.inverse();
  for (const mark of drawing.querySelectorAll<SVGGraphicsElement>('path,line,rect,circle,text')) {
    const look = getComputedStyle(mark);
    if (look.visibility === 'hidden' || look.display === 'none') continue;
    const place = origin.multiply(mark.getScreenCTM()!);
    context.save();
    context.transform(place.a, place.b, place.c, place.d, place.e, place.f);
    context.globalAlpha = opacityOf(mark, drawing);
    if (mark instanceof SVGTextElement) paintText(context, mark, look);
    else paintShape(context, new Path2D(outline(mark)), look);
    context.restore();
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the browser made no PNG'))),
      'image/png',
    );
  });
}

function paintShape(context: CanvasRenderingContext2D, shape: Path2D, look: CSSStyleDeclaration): void {
  const alpha = context.globalAlpha;
  if (look.fill !== 'none') {
    context.globalAlpha = alpha * Number(look.fillOpacity);
    context.fillStyle = look.fill;
    context.fill(shape);
  }
  context.globalAlpha = alpha;
  if (look.stroke === 'none') return;
  context.strokeStyle = look.stroke;
  context.lineWidth = Number.parseFloat(look.strokeWidth);
  context.lineCap = look.strokeLinecap as CanvasLineCap;
  context.lineJoin = look.strokeLinejoin as CanvasLineJoin;
  context.setLineDash(
    look.strokeDasharray === 'none' ? [] : look.strokeDasharray.split(/[ ,]+/).map(Number.parseFloat),
  );
  context.stroke(shape);
}

function paintText(context: CanvasRenderingContext2D, mark: SVGTextElement, look: CSSStyleDeclaration): void {
  const anchors: Record<string, CanvasTextAlign> = { start: 'left', middle: 'center', end: 'right' };
  context.font = `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
  context.textAlign = anchors[look.textAnchor] ?? 'left';
  context.fillStyle = look.fill;
  const value = (name: string) => Number(mark.getAttribute(name) ?? 0);
  const shift = /^(-?[\d.]+)em$/.exec(mark.getAttribute('dy') ?? '');
  const lift = shift ? Number(shift[1]) * Number.parseFloat(look.fontSize) : 0;
  context.fillText(mark.textContent ?? '', value('x'), value('y') + lift);
}

/** The outline of a mark as path data. */
function outline(mark: SVGGraphicsElement): string {
  const value = (name: string) => Number(mark.getAttribute(name) ?? 0);
  switch (mark.tagName) {
    case 'path':
      return mark.getAttribute('d') ?? '';
    case 'line':
      return `M${value('x1')},${value('y1')}L${value('x2')},${value('y2')}`;
    case 'circle': {
      const [x, y, r] = [value('cx'), value('cy'), value('r')];
      return `M${x - r},${y}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0Z`;
    }
    default:
      return `M${value('x')},${value('y')}h${value('width')}v${value('height')}h${-value('width')}Z`;
  }
}

function opacityOf(mark: Element, root: Element): number {
  let opacity = 1;
  for (let at: Element | null = mark; at !== null && at !== root; at = at.parentElement)
    opacity *= Number(getComputedStyle(at).opacity);
  return opacity;
}
