import { Input, Select, theme } from 'antd';
import { useState } from 'react';
import type { Scope, Status } from '../../../../shared/api-client/types.ts';
import { usePageContext, useSignedIn } from '../common/page-context.ts';
import { idIn, navigate, recordPath } from '../common/router.ts';
import type { Filter } from './downloads.ts';

interface FilterBarProps {
  scope: Scope;
  onScope: (scope: Scope) => void;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

/** Controls that choose which downloads are listed, or open one by its id or link. */
export function FilterBar({ scope, onScope, filter, onFilter }: FilterBarProps) {
  const { locale, texts } = usePageContext();
  const { session, reports } = useSignedIn();
  const statuses = Object.entries(texts.status).map(([value, label]) => ({ value: value as Status, label }));
  return (
    <search className="bar filters">
      {session.scopes.length > 1 && (
        <Select
          aria-label={texts.list.scope}
          value={scope}
          options={session.scopes.map((value) => ({ value, label: texts.list.scopes[value] }))}
          onChange={onScope}
          popupMatchSelectWidth={false}
        />
      )}
      <Select
        aria-label={texts.record.status}
        value={filter.status ?? ''}
        options={[{ value: '' as const, label: texts.list.anyStatus }, ...statuses]}
        onChange={(status: Status | '') => onFilter(changed(filter, { status: status || undefined }))}
        popupMatchSelectWidth={false}
      />
      <Select
        aria-label={texts.record.report}
        value={filter.report ?? ''}
        options={[
          { value: '', label: texts.list.anyReport },
          ...[...reports.values()].map(({ id, title }) => ({ value: id, label: title[locale] })),
        ]}
        onChange={(report) => onFilter(changed(filter, { report: report || undefined }))}
        popupMatchSelectWidth={false}
      />
      <IdSearch />
    </search>
  );
}

function changed(filter: Filter, change: { [Name in keyof Filter]: Filter[Name] | undefined }): Filter {
  return Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined));
}

function IdSearch() {
  const { texts } = usePageContext();
  const { token } = theme.useToken();
  const [wrong, setWrong] = useState(false);
  const find = (text: string) => {
    const id = idIn(text);
    setWrong(text !== '' && id === undefined);
    if (id !== undefined) navigate(recordPath(id));
  };
  return (
    <div>
      <Input.Search
        aria-label={texts.list.search}
        placeholder={texts.list.search}
        enterButton={texts.list.find}
        onSearch={find}
        onChange={() => setWrong(false)}
        aria-invalid={wrong}
        {...(wrong ? { status: 'error' } : {})}
      />
      {wrong && (
        <div role="alert" style={{ color: token.colorError }}>
          {texts.list.noId}
        </div>
      )}
    </div>
  );
}
