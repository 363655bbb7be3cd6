import { Background, BackgroundVariant, type Edge, type Node, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useMemo } from 'react';
import { ControllerBox } from './ControllerBox.tsx';
import { LinkLine } from './LinkLine.tsx';
import { placeNetworks } from './layout.ts';
import styles from './MapView.module.css';
import { NetworkBox } from './NetworkBox.tsx';
import { NetworkLine } from './NetworkLine.tsx';
import type { Line, Picture, Spot } from './picture.ts';

const nodeTypes = { controller: ControllerBox, networks: NetworkBox };
const edgeTypes = { link: LinkLine, network: NetworkLine };
const FIT = { padding: 0.12, maxZoom: 1.15 };

/** The picture itself. It is drawn from the status alone: nothing on it can be moved or edited. */
export function MapView({ picture }: { picture: Picture }) {
  const nodes = useMemo(() => picture.spots.flatMap(nodesOf), [picture]);
  const edges = useMemo(() => edgesOf(picture), [picture]);
  // A new controller needs a new view; a new state does not.
  const shape = nodes.map((node) => node.id).join();
  return (
    <div className={styles.map} role="group" aria-label="Map of controllers and links. The table below says the same.">
      <ReactFlow
        key={shape}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodeOrigin={[0.5, 0.5]}
        fitView
        fitViewOptions={FIT}
        minZoom={0.25}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        disableKeyboardA11y
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.2} className={styles.dots} />
      </ReactFlow>
    </div>
  );
}

function nodesOf(spot: Spot): Node[] {
  const controller: Node = {
    id: String(spot.id),
    type: 'controller',
    position: { x: spot.x, y: spot.y },
    data: { spot },
  };
  if (spot.member.networks.length === 0) return [controller];
  return [
    controller,
    {
      id: `networks-${spot.id}`,
      type: 'networks',
      position: placeNetworks(spot),
      data: { networks: spot.member.networks },
    },
  ];
}

function edgesOf({ spots, lines }: Picture): Edge[] {
  const at = (id: number) => spots.find((spot) => spot.id === id)!;
  const links = lines.map((line: Line): Edge => {
    const [near, far] = at(line.to).isSelf ? [line.to, line.from] : [line.from, line.to];
    return {
      id: `${line.from}-${line.to}`,
      type: 'link',
      source: String(near),
      target: String(far),
      zIndex: line.state === 'elsewhere' ? 0 : 1,
      data: { line, from: at(near), to: at(far) },
    };
  });
  const networks = spots
    .filter((spot) => spot.member.networks.length > 0)
    .map((spot): Edge => ({
      id: `network-${spot.id}`,
      type: 'network',
      source: String(spot.id),
      target: `networks-${spot.id}`,
      data: { from: spot, to: placeNetworks(spot) },
    }));
  return [...links, ...networks];
}
