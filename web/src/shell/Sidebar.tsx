import { Link, useRoute } from 'wouter';
import { useSession } from '../api/session.ts';
import { useLive } from '../live/live-context.tsx';
import { pages } from '../pages/index.ts';
import { GROUPS, type Group, type PageDefinition } from '../pages/page.ts';
import styles from './Sidebar.module.css';

export function Sidebar() {
  const version = useLive((live) => live.status?.controller.version ?? null);
  return (
    <nav className={styles.nav} aria-label="Console">
      {GROUPS.map((group) => (
        <MenuGroup key={group} group={group} />
      ))}
      {version && <p className={styles.version}>Meshwright {version}</p>}
    </nav>
  );
}

function MenuGroup({ group }: { group: Group }) {
  const isAdmin = useSession().data?.role === 'admin';
  const items = pages.filter((page) => page.group === group && (isAdmin || !page.admin));
  return (
    <div className={styles.group}>
      {group !== 'Home' && <h2 className={styles.heading}>{group}</h2>}
      <ul className={styles.list}>
        {items.map((page) => (
          <MenuItem key={page.path} page={page} />
        ))}
      </ul>
    </div>
  );
}

function MenuItem({ page: { path, title, icon: Glyph, prepare } }: { page: PageDefinition }) {
  const [isCurrent] = useRoute(path);
  return (
    <li>
      <Link
        href={path}
        className={styles.item}
        aria-current={isCurrent ? 'page' : undefined}
        onPointerEnter={prepare}
        onFocus={prepare}
      >
        <Glyph size={17} stroke={1.7} aria-hidden="true" />
        {title}
      </Link>
    </li>
  );
}
