import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { Link, useLocation } from 'wouter';
import { useFreshness } from '../../live/live-context.tsx';
import styles from './LinkLine.module.css';
import { between, type Point } from './layout.ts';
import { labelOf, pageOf, titleOf } from './line-words.ts';
import type { Line, Spot } from './picture.ts';

/** More round trips between others than these would hide the picture. */
const LABELLED_BELOW = 5;

/**
 * A link: colour and stroke say its state, the label its round trip. Down is dotted and crossed out. An own link leads
 * to its details.
 */
export function LinkLine({ id, data }: EdgeProps) {
  const { line, from, to, count } = data as { line: Line; from: Spot; to: Spot; count: number };
  const [, go] = useLocation();
  const isLive = useFreshness() === 'live';
  const state = isLive ? line.state : 'unknown';
  const page = pageOf(line);
  const isOwn = page !== null;
  const title = titleOf(line, from, to);
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
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the label does the same for keyboards */}
      <path d={path} className={styles.grip} data-leads={isOwn || undefined} onClick={() => page && go(page)}>
        <title>{title}</title>
      </path>
      {state === 'down' && <Cross at={between(from, to, 0.36)} />}
      {isLabelled && (
        <EdgeLabelRenderer>
          <Label at={between(from, to, 0.54)} state={state} text={labelOf(line)} title={title} page={page} />
        </EdgeLabelRenderer>
      )}
    </>
  );
}

interface LabelProps {
  readonly at: Point;
  readonly state: string;
  readonly text: string;
  readonly title: string;
  readonly page: string | null;
}

function Label({ at, state, text, title, page }: LabelProps) {
  const look = {
    className: `${styles.label} nopan`,
    'data-state': state,
    style: { transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` },
  };
  if (page === null) return <div {...look}>{text}</div>;
  return (
    <Link href={page} {...look} title={title} aria-label={`${title}: ${text}`}>
      {text}
    </Link>
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
