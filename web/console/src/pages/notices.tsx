import { useState } from 'react';
import type { User } from '@cho40/shared/api/client';
import { Button, ButtonLink, Link } from '@cho40/shared/components/controls';
import { Badge, Empty, Waiting } from '@cho40/shared/components/feedback';
import { dateTime, money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useTitle } from '@cho40/shared/router';
import { useNotices } from '../data';
import { noticeLook } from '../parts/notice-look';

export function NoticesPage({ user }: { user: User }) {
  const t = useT();
  const [agency, setAgency] = useState(user.agencies[0]?.id ?? '');
  const list = useNotices(agency);
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  useTitle(t('fees.title'));
  return (
    <>
      <div className="head"><h1>{t('fees.title')}</h1><ButtonLink look="primary" icon="plus" href="/fees/new">{t('nav.new_notice')}</ButtonLink></div>
      {user.agencies.length > 1 ? <label className="field"><span className="label">{t('new.agency')}</span><select className="select" value={agency} onChange={(event) => setAgency(event.target.value)}>{user.agencies.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label> : null}
      {!list.data ? <Waiting query={list} shape="table" label={t('loading.notices')} /> : rows.length === 0 ? (
        <Empty icon="document" title={t('fees.empty')} action={<ButtonLink icon="plus" href="/fees/new">{t('nav.new_notice')}</ButtonLink>}>{t('fees.empty_text')}</Empty>
      ) : (
        <ul className="notice-rows">
          {rows.map((notice) => {
            const look = noticeLook(notice);
            return (
              <li key={notice.id}>
                <Link href={`/fees/${notice.id}`} className="notice-row">
                  <span className="notice-row-who"><strong>{notice.dossier.applicant_name}</strong><small>{notice.dossier.code} · {notice.dossier.procedure_name}</small></span>
                  <span className="notice-row-sum">{money(notice.total)}</span>
                  <Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge>
                  <small>{dateTime(notice.created_at)}</small>
                </Link>
              </li>
            );
          })}
        </ul>
      )}
      {list.hasNextPage ? <div className="more"><Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{t('act.more')}</Button></div> : null}
    </>
  );
}
