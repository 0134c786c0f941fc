import { Select, theme } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import type { Locale } from '../../../../shared/api-client/types.ts';
import { LoadFailure } from '../common/load-boundary.tsx';
import { usePageContext } from '../common/page-context.ts';
import { APPEARANCES, LOCALES } from '../common/settings.ts';

/** The frame of every view: the title, the signed-in person, language and appearance, and the time zone. */
export function Shell({ user, children }: { user: ReactNode; children: ReactNode }) {
  const { locale, texts, format, settings, changeSettings } = usePageContext();
  const { token } = theme.useToken();
  const [notLoaded, setNotLoaded] = useState<Locale>();
  const changeLanguage = (chosen: Locale) =>
    changeSettings({ locale: chosen }).then(
      () => setNotLoaded(undefined),
      () => setNotLoaded(chosen),
    );

  useEffect(() => {
    document.documentElement.style.setProperty('--ground', token.colorBgLayout);
    document.documentElement.style.setProperty('--raised', token.colorBgElevated);
  }, [token.colorBgLayout, token.colorBgElevated]);

  return (
    <div className="shell" style={{ color: token.colorText, background: token.colorBgLayout }}>
      <a className="skip-link" href="#content">
        {texts.skipToContent}
      </a>
      <header style={{ background: token.colorBgContainer, borderBlockEnd: `1px solid ${token.colorBorderSecondary}` }}>
        <span className="title">{texts.title}</span>
        {user}
        <Select
          aria-label={texts.language}
          value={locale}
          options={[...LOCALES]}
          onChange={changeLanguage}
          popupMatchSelectWidth={false}
        />
        <Select
          aria-label={texts.theme}
          value={settings.appearance}
          options={APPEARANCES.map((value) => ({ value, label: texts.themes[value] }))}
          onChange={(appearance) => changeSettings({ appearance })}
          popupMatchSelectWidth={false}
        />
      </header>
      <main id="content" tabIndex={-1}>
        {notLoaded && <LoadFailure locale={notLoaded} />}
        {children}
      </main>
      <footer style={{ color: token.colorTextSecondary }}>{texts.timeZone(format.zone(Date.now()))}</footer>
    </div>
  );
}
