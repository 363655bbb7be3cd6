import { IconMapOff } from '@tabler/icons-react';
import { Suspense } from 'react';
import { Link, Route, Switch } from 'wouter';
import { Empty } from '../kit/Empty.tsx';
import { Page } from '../kit/Page.tsx';
import { pages } from '../pages/index.ts';

/** The page that the address names. */
export function Outlet() {
  return (
    <Suspense fallback={null}>
      <Switch>
        {pages.map(({ path, component }) => (
          <Route key={path} path={path} component={component} />
        ))}
        <Route>
          <Page title="No such page">
            <Empty icon={IconMapOff} title="Nothing is here" action={<Link href="/">Runtime Status</Link>}>
              The address names no page of this console.
            </Empty>
          </Page>
        </Route>
      </Switch>
    </Suspense>
  );
}
