import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { millis, percent } from '../../format/number.ts';
import { useFreshness } from '../../live/live-context.tsx';
import styles from './LinkLine.module.css';
import { between, type Point } from './layout.ts';
import type { Line, Spot } from './picture.ts';

/** More round trips between others than these would hide the picture. */
const LABELLED_BELOW = 5;

/** A link: colour and stroke say its state, the label its round trip. Down is dotted and crossed out. */
export function LinkLine({ id, data }: EdgeProps) {
  const { line, from, to, count } = data as { line: Line; from: Spot; to: Spot; count: number };
  const isLive = useFreshness() === 'live';
  const state = isLive ? line.state : 'unknown';
  const isOwn = line.link !== null;
  const isLabelled = isOwn || (line.far !== null && (count < LABELLED_BELOW || state !== 'up'));
  const path = `M${from.x} ${from.y}L${to.x} ${to.y}`;
  return (
    <>
      {line.carriesDetour && isLive && <path d={path} className={styles.detour} />}
      <BaseEdge
        id={id}
        path={path}
        className={styles.line}
        data-state={state}
        data-far={isOwn ? undefined : true}
        interactionWidth={0}
      />
      {state === 'down' && <Cross at={between(from, to, 0.36)} />}
      {isLabelled && (
        <EdgeLabelRenderer>
          <Label at={between(from, to, 0.54)} state={state} text={labelOf(line)} />
        </EdgeLabelRenderer>
      )}
    </>
  );
}

function labelOf({ link, far, state }: Line): string {
  if (state === 'down') {
    const over = link?.path.controllers.slice(0, -1).join(', ');
    return link?.path.kind === 'via' ? `down, over ${over}` : 'down';
  }
  const { rtt_ms, loss } = link?.probe ?? far ?? { rtt_ms: null, loss: null };
  return `${millis(rtt_ms)}${loss ? ` · ${percent(loss)} lost` : ''}`;
}

function Label({ at, state, text }: { at: Point; state: string; text: string }) {
  return (
    <div
      className={styles.label}
      data-state={state}
      style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
    >
      {text}
    </div>
  );
}

function Cross({ at }: { at: Point }) {
  return (
    <g transform={`translate(${at.x} ${at.y})`} className={styles.cross}>
      <circle r="10" />
      <path d="m-4 -4 8 8m0-8-8 8" />
    </g>
  );
}
