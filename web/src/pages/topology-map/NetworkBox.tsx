import { Handle, type NodeProps, Position } from '@xyflow/react';
import styles from './NetworkBox.module.css';

const SHOWN = 3;

/** The site networks that a controller announces. */
export function NetworkBox({ data }: NodeProps) {
  const networks = data.networks as readonly string[];
  return (
    <>
      <Handle className={styles.handle} type="target" position={Position.Top} isConnectable={false} />
      <ul className={styles.box}>
        {networks.slice(0, SHOWN).map((network) => (
          <li key={network}>{network}</li>
        ))}
        {networks.length > SHOWN && <li>and {networks.length - SHOWN} more</li>}
      </ul>
    </>
  );
}
