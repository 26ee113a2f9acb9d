import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** An SVG as wide as its place and of a fixed height: text keeps its size, and nothing moves when it is drawn. */
export function Drawing({
  height,
  label,
  children,
  onPoint,
}: {
  height: number;
  label: string;
  children: (width: number) => ComponentChildren;
  /** Where the pointer is, in the drawing's units; null when it has left. */
  onPoint?: (at: { x: number; y: number } | null) => void;
}) {
  const svg = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = svg.current!;
    const measure = () => setWidth(Math.round(element.getBoundingClientRect().width));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const move = (event: PointerEvent) => {
    const box = svg.current!.getBoundingClientRect();
    onPoint?.({ x: event.clientX - box.left, y: event.clientY - box.top });
  };
  return (
    <svg
      ref={svg}
      class="chart"
      role="img"
      aria-label={label}
      height={height}
      viewBox={`0 0 ${Math.max(width, 1)} ${height}`}
      onPointerMove={onPoint === undefined ? undefined : move}
      onPointerLeave={onPoint === undefined ? undefined : () => onPoint(null)}
    >
      {width > 0 ? children(width) : null}
    </svg>
  );
}

/** Every n-th label, so that they do not touch: `room` in pixels for one. */
export function everyNth(n: number, width: number, room: number): number {
  return Math.max(1, Math.ceil((n * room) / Math.max(width, 1)));
}
