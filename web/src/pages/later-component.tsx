import { type ComponentType, use } from 'react';

const RETRY_MS = 1000;

/**
 * A component whose code comes later. Unlike React's own `lazy` it shows at once when the code is there already, and
 * it waits for a controller that is restarting instead of breaking the page.
 */
export function laterComponent(load: () => Promise<ComponentType>): {
  component: ComponentType;
  prepare: () => void;
} {
  let loaded: ComponentType | null = null;
  let loading: Promise<ComponentType> | null = null;
  const fetch = (): Promise<ComponentType> => {
    loading ??= persistently(load).then((component) => {
      loaded = component;
      return component;
    });
    return loading;
  };
  return {
    component: function Later() {
      const Component = loaded ?? use(fetch());
      return <Component />;
    },
    prepare: () => void fetch(),
  };
}

async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
