import { Background, BackgroundVariant, type Edge, type Node, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { type CSSProperties, useMemo } from 'react';
import { ControllerBox } from './ControllerBox.tsx';
import { FitView, MARGIN } from './FitView.tsx';
import { LinkLine } from './LinkLine.tsx';
import { type Bounds, boundsOf, type Format, placeNetworks } from './layout.ts';
import styles from './MapView.module.css';
import { NetworkBox } from './NetworkBox.tsx';
import { NetworkLine } from './NetworkLine.tsx';
import type { Line, Picture, Spot } from './picture.ts';

const nodeTypes = { controller: ControllerBox, networks: NetworkBox };
const edgeTypes = { link: LinkLine, network: NetworkLine };

/** The picture itself. It is drawn from the status alone: nothing on it can be moved or edited. */
export function MapView({ picture }: { picture: Picture }) {
  const nodes = useMemo(() => picture.spots.flatMap((spot) => nodesOf(spot, picture.format)), [picture]);
  const edges = useMemo(() => edgesOf(picture), [picture]);
  const bounds = boundsOf(
    picture.spots,
    picture.spots.filter(hasNetworks).map((spot) => placeNetworks(spot, picture.format)),
  );
  return (
    <figure
      className={styles.map}
      style={sizeOf(picture, bounds)}
      aria-label="Map of controllers and links. The table below says the same."
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodeOrigin={[0.5, 0.5]}
        minZoom={0.25}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        panOnDrag={false}
        zoomOnScroll={false}
        zoomOnPinch={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        disableKeyboardA11y
        proOptions={{ hideAttribution: true }}
      >
        <FitView bounds={bounds} />
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.2} className={styles.dots} />
      </ReactFlow>
    </figure>
  );
}

/** As high as the picture needs at the width that there is, and never higher than the window. */
function sizeOf({ format }: Picture, { width, height }: Bounds): CSSProperties {
  const aspectRatio = `${width + MARGIN} / ${height + MARGIN}`;
  // On a phone one scrolls anyway.
  return { aspectRatio, minHeight: 260, ...(format === 'wide' && { maxHeight: '68vh' }) };
}

const hasNetworks = ({ member }: Spot) => member.networks.length > 0;

function nodesOf(spot: Spot, format: Format): Node[] {
  const controller: Node = {
    id: String(spot.id),
    type: 'controller',
    position: { x: spot.x, y: spot.y },
    data: { spot },
    zIndex: 10,
  };
  if (!hasNetworks(spot)) return [controller];
  return [
    controller,
    {
      id: `networks-${spot.id}`,
      type: 'networks',
      position: placeNetworks(spot, format),
      zIndex: 5,
      data: { networks: spot.member.networks },
    },
  ];
}

function edgesOf({ spots, lines, format }: Picture): Edge[] {
  const at = (id: number) => spots.find((spot) => spot.id === id)!;
  // Links from here are drawn over those that only others see.
  const ordered = lines.toSorted((a, b) => Number(a.link !== null) - Number(b.link !== null));
  const links = ordered.map((line: Line): Edge => {
    const [near, far] = at(line.to).isSelf ? [line.to, line.from] : [line.from, line.to];
    return {
      id: `${line.from}-${line.to}`,
      type: 'link',
      source: String(near),
      target: String(far),
      data: { line, from: at(near), to: at(far), count: spots.length },
    };
  });
  const networks = spots.filter(hasNetworks).map(
    (spot): Edge => ({
      id: `network-${spot.id}`,
      type: 'network',
      source: String(spot.id),
      target: `networks-${spot.id}`,
      data: { from: spot, to: placeNetworks(spot, format) },
    }),
  );
  return [...links, ...networks];
}
