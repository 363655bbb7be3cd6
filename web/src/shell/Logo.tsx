import styles from './Logo.module.css';

export function Logo() {
  return (
    <svg className={styles.logo} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M16 8.5 8 22h16z" />
      <circle cx="16" cy="8.5" r="3.4" />
      <circle cx="8" cy="22" r="3.4" />
      <circle cx="24" cy="22" r="3.4" />
    </svg>
  );
}
