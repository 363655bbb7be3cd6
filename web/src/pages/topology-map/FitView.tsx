import { useReactFlow, useStore } from '@xyflow/react';
import { useEffect } from 'react';
import type { Bounds } from './layout.ts';

/** Around the picture, of both sides together. */
export const MARGIN = 56;
/** Larger than life helps nobody. */
const MAX_ZOOM = 1.15;

/** Keeps the whole picture in view: when it appears, when the window changes, when a controller is added. */
export function FitView({ bounds }: { bounds: Bounds }) {
  const { setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const { x, y, width: wide, height: high } = bounds;
  useEffect(() => {
    if (width === 0 || height === 0) return;
    const zoom = Math.min(MAX_ZOOM, width / (wide + MARGIN), height / (high + MARGIN));
    const shift = { x: width / 2 - (x + wide / 2) * zoom, y: height / 2 - (y + high / 2) * zoom };
    void setViewport({ ...shift, zoom });
  }, [setViewport, width, height, x, y, wide, high]);
  return null;
}
