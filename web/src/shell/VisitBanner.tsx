import { useSession } from '../api/session.ts';
import { duration } from '../format/time.ts';
import { Notice } from '../kit/Notice.tsx';
import { useNow } from '../kit/now.ts';

/** Who came by an access URL sees how long he may stay. */
export function VisitBanner() {
  const visit = useSession().data?.visit;
  const now = useNow();
  if (!visit) return null;
  return <Notice>You are here through an access URL. It ends in {duration(visit.until - now)}.</Notice>;
}
