import { useLocalStorage } from '@mantine/hooks';

export const CONFIRM_SECONDS = 60;

/** Whether changes of the firewall undo themselves unless they are confirmed. The browser remembers it. */
export function useCare(): readonly [boolean, (on: boolean) => void] {
  const [on, set] = useLocalStorage({
    key: 'firewall-care',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  return [on, set];
}

export const confirmOf = (care: boolean): number | null => (care ? CONFIRM_SECONDS : null);
